"""Classes of hostile German words, so that the learned score knows words that stood in none of the texts it learned from.

A word is itself with an ending; `word-` stands at the beginning of a longer one and `-word` at its end, for German builds new
insults by joining old ones. A class adds features to a word; what they weigh is learned. Groups of people by descent or
belief are in no class, only slurs for them: to speak of somebody is no offence. Words that are harmless as often (a stupid
question, a damaged line, rubbish) have a class of their own or none.
"""

from zlib import crc32

Features = tuple[int, ...]
_SHARES = 4  # features of a class: its weight is greater than one signed byte can hold
_CLASS = 2  # what the CRC of classes starts from, so that they share no numbers with words
_ENDINGS = ("", "e", "en", "er", "es", "em", "n", "s")
_LEAST, _MOST = 4, 12  # letters of a part of a word
_TABLES = {
    "person": """
        arschloch arschlöcher arschgeige arschkriecher idiot idiotin -idiot trottel -trottel depp deppen- -depp dödel dussel dummkopf dummköpfe schwachkopf
        schwachköpfe hohlkopf hohlköpfe holzkopf vollpfosten vollhonk honk psychopath versager versagerin lusche memme feigling weichei waschlappen
        jammerlappen lügner lügnerin heuchler heuchlerin betrüger betrügerin ganove gauner halunke schuft schurke lump lumpen- strolch drecksack drecksau
        dreckskerl drecks- drecksschwein dreckschwein schweinehund ratte ungeziefer parasit schmarotzer -schmarotzer zecke -zecke abschaum gesindel -gesindel
        nazipack lügenpack scheißpack pöbel -pöbel brut -brut bande -bande mischpoke gesocks geschmeiß bagage untermensch missgeburt hure huren- -hure nutte
        nutten- schlampe schlampen- fotze miststück luder wichser wixer spast spasti spacko spacken krüppel penner pennerin assi asozialer prolet tussi zicke
        schnepfe schreckschraube schrulle trulla göre clown -clown witzfigur hampelmann marionette hanswurst lachnummer pappnase dampfplauderer schwätzer
        -schwätzer labertasche hetzer hetzerin hassprediger brandstifter demagoge widerling ekelpaket kotzbrocken stinker stinktier fettsack fettsau
        dumpfbacke flachpfeife hirni schwachmat blödmann blödian nichtsnutz taugenichts klugscheißer scheißkerl scheißer schisser bastard bitch kretin
        giftzwerg großmaul maulheld wicht bösewicht heulsuse muttersöhnchen stümper dilettant""",
    "slur": """
        neger neger- nigger kanake kanaken- kameltreiber ziegenficker musel muselmann muselmanen kopftuchmädchen messermänner kinderficker kinderschänder
        asylbetrüger scheinasyl- scheinflücht- sozialschmarotzer merkelgast merkelgäste goldstücke kulturbereicherer bereicherer volksverräter -verräter
        mörder -mörder mörder- verbrecher -verbrecher verbrecher- nazi- -nazi linksfaschist linksversifft -versifft volkszertreter invasor invasoren
        speichellecker bahnhofsklatscher teddybärwerfer dunkeldeutsch dumpf- gutmenschen- -hasser""",
    "camp": """
        nazi neonazi faschist -faschist faschistisch fascho rassist rassistin rassistisch gutmensch linksextremist linksgrün bolschewist stalinist altpartei
        systempartei blockpartei lügenpresse lückenpresse systempresse systemmedien propaganda- staatsfunk merkelregime regime -regime diktatur -diktatur
        umvolkung überfremdung islamisierung asylant asylanten- schlafschaf volkstod wutbürger hetze -hetze blockwart denunziant handlanger steigbügelhalter""",
    "vulgar": """
        scheiß scheiss scheiße scheisse scheiß- scheiss- -scheiß -scheiße -scheisse beschissen verschissen kacke kacken kack- pisse pissen verpissen verpiss
        piss- kotzen kotze kotzt kotz- ankotzen angekotzt fick ficken fickt fickst gefickt verfickt -ficker arsch arsch- -arsch verarschen verarscht verarsche
        verarschung fresse maul schnauze titten wichsen gewichst furz furzen rotz rotz- rotzen saudumm saublöd bullshit shit fuck fucking fucker""",
    "contempt": """
        verblödet verblödung verdummt verdummung strunz- strohdumm stockdumm dämlich bekloppt geisteskrank hirnlos hirntot hirnrissig hirnverbrannt
        gehirnamputiert gehirngewaschen gehirnwäsche widerlich widerwärtig ekelhaft abartig pervers abscheulich erbärmlich armselig jämmerlich verlogen
        verlogenheit heuchlerisch verkommen degeneriert entartet minderbemittelt niveaulos schwachsinnig schandfleck verachtung pfui durchgeknallt
        plemplem scheinheilig niederträchtig ehrlos geschwafel gefasel gesülze dünnschiss gülle""",
    "belittling": """
        dumm dümmer dümmst dummheit dummschwätz- blöd blödheit blödsinn schwachsinn irrsinn doof doofheit bescheuert behämmert krank lächerlich peinlich
        unfähig unfähigkeit inkompetent inkompetenz nutzlos unnütz wertlos nichtsnutzig heuchelei korrupt kriminell verbrecherisch primitiv schande schäm
        schämen schämt dreckig ungebildet bildungsfern größenwahnsinnig irre gaga stinkend stinkt feige schmierig schleimig hinterhältig gewissenlos schamlos
        unverschämt dreist frech kindisch hohl verblendet gejammer geheule gelaber müll abfall lachhaft eklig ekelig abstoßend hässlich zurückgeblieben""",
    "harm": """
        verrecken verrecke verreckt verreck krepieren krepier abkratzen aufhängen aufgehängt aufknüpfen galgen erschießen erschießt abknallen vergasen
        vergast auschwitz gaskammer entsorgen entsorgt wegsperren weggesperrt einsperren verprügeln totschlagen erschlagen ausrotten ausmerzen lynchen
        kastrieren steinigen köpfen abschieben ausweisen rausschmeißen rauswerfen verjagen""",
}  # fmt: skip


def listed(name: str) -> frozenset[str]:
    """Return the words of a class as they stand in the table, without parts of words."""
    return frozenset(word for word in _TABLES[name].split() if "-" not in word)


def class_features(word: str) -> Features:
    """Return the features of the class that a word in lower case belongs to, by the whole of it or by a part; of none, nothing."""
    found = _WHOLE.get(word, ())
    if found or (word[:_LEAST] not in _BEGINNINGS and word[-_LEAST:] not in _ENDS):
        return found
    for letters in range(_LEAST, min(len(word), _MOST + 1)):
        found = _FIRST.get(word[:letters]) or _LAST.get(word[-letters:], ())
        if found:
            break
    return found


def _built() -> tuple[dict[str, Features], dict[str, Features], dict[str, Features]]:
    """Return the classes of whole words, of what words begin with and of what they end with."""
    whole: dict[str, Features] = {}
    first: dict[str, Features] = {}
    last: dict[str, Features] = {}
    for name, words in _TABLES.items():
        features = tuple(crc32(f"{name}{number}".encode(), _CLASS) for number in range(_SHARES))
        for word in words.split():
            if word.endswith("-"):
                first[word[:-1]] = features
                continue
            table = last if word.startswith("-") else whole
            table.update((word.removeprefix("-") + ending, features) for ending in _ENDINGS)
    return whole, first, last


_WHOLE, _FIRST, _LAST = _built()
_BEGINNINGS = frozenset(part[:_LEAST] for part in _FIRST)  # the gate: most words are in neither
_ENDS = frozenset(part[-_LEAST:] for part in _LAST)
