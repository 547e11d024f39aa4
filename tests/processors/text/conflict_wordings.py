"""Attacks in wordings of all kinds, as products of classes, and what sounds like each of them. Hard words stand here as tests need them."""

from itertools import product

LACK = ("no idea", "no clue", "zero clue")
YOURS = ("code", "advice", "tutorial", "opinion", "patch")
DEIN = ("dein code", "deine meinung", "dein beitrag", "deine antwort")

ATTACKS = {
    "by any noun": product(("you absolute", "you utter", "you complete idiotic"), ("walnut", "teapot", "cabbage"), (".", "!", ", read it again.")),
    "by comparison": product(("you have the", "you've got the"), ("reading skills", "attention span", "charm", "iq", "intelligence"), ("of a doorknob", "of a wet sock"), (".", "")),
    "by the least": product(("my cat", "a toddler", "even a hamster"), ("writes", "explains"), ("better docs than you", "it better than you do"), (".", "")),
    "doubt": product(("you clearly have", "you have", "u really have"), LACK, ("what you're talking about", "what you are doing"), (".", "", "!")),
    "doubt asked": product(("are you always this", "are you really that", "why are you so"), ("dense", "clueless", "stupid"), ("?", "")),
    "their work": product(("your", "ur"), YOURS, ("is", "is just", "is absolute"), ("garbage", "trash", "worthless"), (".", "", "!")),
    "their work looks": product(("your",), YOURS, ("looks like it was written by",), ("a drunk toddler", "a monkey", "a blind goat"), (".", "")),
    "told to learn": product(("", "please", "dude,"), ("learn to read", "learn how to spell"), (".", " before you post", " first")),
    "left out": product(("you're not", "you are no longer"), ("welcome", "wanted"), ("here.", "here anymore")),
    "left out by all": product(("none of us", "nobody here", "nobody"), ("want you", "wants you", "trusts you"), ("in this group", "here", "around")),
    "accused": product(("", "just", "so"), ("stop lying", "stop sabotaging this", "stop spreading lies", "stop whining"), (".", "!", ", we know you.")),
    "mocked": product(("wow", "great job", "congratulations"), (",",), ("you managed to",), ("break it again", "ruin everything"), (".", "!")),
    "threat by a hint": product(("if I ever meet you", "if we see you", "when i catch you"), ("", "outside"), (",",), ("you will regret it", "you better run", "you'll be sorry"), (".", "")),
    "whatever they are called": product(("you are such a", "you're such a"), ("karen", "suck-up", "tool", "snob"), (".", "", "!")),
    "what they lack": product(("you have", "you've got", "u clearly have"), ("no", "zero", "absolutely no"), ("talent", "shame", "dignity"), (".", "")),
    "a bad one": product(("you are a", "you're such a"), ("terrible", "lousy"), ("mother", "moderator", "teammate"), (".", "", " and everyone knows it.")),
    "what theirs looks like": product(("your", "that knitting of yours, your"), ("knitting", "cake", "last drawing"), ("looks like", "smells like"), ("vomit", "roadkill"), (".", "")),
    "nichts ohne andere": product(("ohne deine freunde bist du", "ohne papas geld bist du"), ("nichts", "ein niemand"), (".", "!")),
    "schlechter Mensch": product(("du bist eine", "du bist echt eine"), ("schlechte", "miserable"), ("mutter", "lehrerin"), (".", "", " und das wissen alle")),
    "rauswerfen": product(("dich sollte man", "dich hätte man schon lange"), ("bannen", "rauswerfen"), (".", "", " müssen")),
    "Unvermögen": product(("du hast", "ihr habt"), ("doch keine", "echt null", "einfach keinen"), ("Ahnung", "Plan"), (".", "", "!")),
    "durch Vergleich": product(("mein hund", "meine oma", "jeder grundschüler"), ("programmiert", "erklärt das"), ("besser als du",), (".", "")),
    "was von ihm kommt": product(DEIN, ("ist", "ist doch", "ist einfach nur"), ("müll", "erbärmlich", "ein witz"), (".", "", "!")),
    "lesen": product(("lern", "lern erstmal", "lern du doch mal"), ("lesen", "schreiben", "denken"), (".", "", " bevor du hier postest")),
    "ungefragt": product(("dich hat", "dich hat hier", "dich hat doch"), ("keiner", "niemand"), ("gefragt", "gerufen"), (".", "", "!")),
    "ausgeschlossen": product(("wir wollen dich", "wir brauchen dich"), ("hier nicht", "nicht mehr", "hier nicht mehr"), (".", "")),
    "beschuldigt": product(("du lügst", "du lügst doch", "jedes wort von dir ist gelogen", "hör auf zu lügen", "hör auf hier alles zu sabotieren"), (".", "", "!")),
    "mit solchen": product(("mit leuten wie dir", "mit trollen wie dir", "mit typen wie dir"), ("rede ich nicht", "diskutiere ich nicht"), (".", "")),
    "gedroht": product(("wenn ich dich erwische", "wenn ich dich in die finger kriege"), (",",), ("kannst du was erleben", "bist du dran", "gnade dir gott"), (".", "!")),
}  # fmt: skip

CALM = {
    "of oneself": product(("i have", "i really have", "my friends say i have"), LACK, ("what i'm doing", "how this works", "what you're talking about"), (".", "")),
    "of oneself, insulting": product(("i'm", "i feel", "i was"), ("so dense", "so clueless today", "the worst admin ever"), (".", "")),
    "of a thing": product(("this printer", "the compiler", "my router"), ("has the reading skills of a doorknob", "is garbage", "is lying to me", "managed to break again"), (".", "")),
    "civil": product(("your code", "your patch", "your proposal"), ("breaks the build", "needs a test", "is hard to read", "is not garbage", "looks good"), (".", "")),
    "glad": product(("you have no idea how",), ("happy this makes me", "much i needed that"), (".", "!")),
    "praise": product(("you absolute",), ("legend", "hero", "genius", "star"), ("!", ".", ", thank you")),
    "learning": product(("learn to read", "you can learn to code", "he wants to learn to write"), ("music", "with this course"), (".", "")),
    "of others": product(("he told the referee to", "they said we should", "she wants them to"), ("get lost", "learn to read", "stop lying"), (".", "")),
    "told": product(("shut up", "get lost", "verpiss dich"), ("she said", "said the villain", "sagte sie", "schrie er"), ("and left.", ".")),
    "advice": product(("if someone says you have",), LACK, ("or tells you to get lost",), (", tell a teacher you trust.",)),
    "Freude": product(("du hast keine ahnung",), (", wie sehr mich das freut", " wie froh ich bin"), (".", "!")),
    "von sich": product(("ich habe", "ich hab leider", "mein alter chef meinte ich hätte"), ("keine ahnung", "null plan"), (".", " von docker")),
    "sachlich": product(DEIN, ("ist mir zu lang", "hilft mir sehr", "ist nicht falsch"), (".", "")),
    "lernen": product(("lesen lernen mit 40", "lern mit uns programmieren", "ich lerne schreiben"), (".", "!")),
    "gebraucht": product(("wir wollen dich", "wir wollen euch"), ("nicht verlieren", "nicht stören"), (".", "")),
    "Rat": product(("das wirst du bereuen",), (" wenn du kein backup hast", ", wenn du jetzt nicht sicherst"), (".", "")),
    "im Spiel": product(("im spiel bist du", "in dem film bist du"), ("ein dieb", "ein verräter"), (".", " und klaust gold")),
}  # fmt: skip

LOOK_ALIKES = """
How do I make this popup go away?|Their parents told them to go away and come back later.|Take your time and leave feedback.|Take your upvote and go away.|You lie down and wait.|You're lying in bed with a cold?
You're welcome here any time.|We don't want you to worry.|Nobody wants you to leave.|The channel was better before the update.|Why don't you just leave it open?|You should not be allowed to edit other people's posts.
You stole the show!|You stole my heart <3|I know where you work, I applied there too.|Keep clicking and see what happens.|I'm better off without you, Windows.|Are you drunk or is the camera tilted lol
A five year old could use this app.|This code looks like it was written by a professional.|Grow up to 20 plants.|Did you even get the mail?|I have no idea what you mean, sorry.|Do you know what you are doing tonight?
The expert is here.|Fool me once, shame on me.|I saw a monkey that paints better than me.|Can you stop the server and delete the account?|You were born in May?|In the game you are a thief.|Stay in your lane when you pass the school.
Geh einfach auf die Seite.|Lösch dich aus der Liste, wenn du keine Mails mehr willst.|Such dir einen Platz im Forum.|Hör auf zu rauchen.|Hör auf, echt jetzt?|Spar dir die Mühe.|Spar dir deine Zeit, das Formular ist offline.
Ohne dich wäre es hier nicht so schön.|Leute wie du sind der Grund, warum ich hier bin.|Warum meldest du dich nicht?|Du hast hier nichts falsch gemacht.|Bist du noch wach?|Du hast sie nicht alle gelesen, oder?
Ich hab deine Antwort gefunden.|Niemand hat dich vergessen.|Mach dich nicht klein.|Du bist keine schlechte Mutter.|Was hast du davon?|Mein Hund ist größer als du.|Kannst du bitte leise stellen?|Klappe zu und zehn Sekunden warten.
"""
