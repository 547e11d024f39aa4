"""Phrases in which somebody asks for what they need, or says that they are in trouble of their own; English and German.

What is asked may lack its question mark. What is said counts at the beginning of a clause and of a matter: nothing supposed, put
to somebody by name, gone on with ("but then I can't ...") or over by now.
"""

import re
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import NamedTuple

from processors.text.question_follows import follows
from processors.text.question_inverted import EMBEDDED, INVERTED

# What is asked: the words that a phrase begins with, and what follows.
_SOMEBODY = "anyone anybody someone somebody"
_OH = r"(?: (?:tf|the (?:hell|heck|fuck)|on earth|exactly|even))"
_W = r"(?: (?:genau|denn|bitte|viel|lange|oft|am besten))?"
_ASKED = (
    ("how", r" (?:do|can|should|would|could|are|did) (?:i|we)\b"),
    ("how", r" i (?:can|could|should)\b"),
    ("how", rf"{_OH}? (?:do|can|should|would|could) (?:i|we)\b"),
    ("how", rf"{_OH}? (?:do|can|would) you (?:change|turn|get|make|set|use|open|add|remove|delete|find|fix|join|leave|post|upload|download|play|cook|clean|wash|keep|install|reset|edit|save|share|send|invite|mute|block|report|cancel|unlock|switch|level|craft)\b(?! (?:feel|know))"),
    ("how", r" to\b(?! (?:do|use|fix) (?:that|this|it) is)"),
    ("is", r" there (?:a|an|any|some|software)\b"),
    ("are", r" there any\b"),
    (_SOMEBODY, r"(?<!else anyone)(?<!thing anyone)(?: (?:here|of you|please))* (?:know|knows|got|have|has|had|having|seen|tried|managed|selling|using|used|able|willing|else|help|explain|tell|point)"),
    ("any some", r" ?(?:one|body|1) (?:know|knows|got|have|has|tried|using|able|help|explain|tell)\b"),
    ("any1 some1", r" (?:know|knows|got|have|has|tried|using|able|help|explain|tell)\b"),
    ("does has did is would", r" any ?(?:one|body|1)\b"),
    ("can could", r" (?:some|any) ?(?:one|body|1)\b"),
    ("what which how have do", r" (?:do )?you (?:guys|all|people|folks)\b"),
    ("can could", r" you (?:\w+ )?(?:recommend|suggest)\b"),
    ("would", r" you (?:\w+ )?(?:recommend|suggest|buy|choose)\b"),
    ("any some", r" (?:ideas?|suggestions?|hints?|tips?|help|pointers|advice|clues?|recommendations?)(?:(?: \w+)?\W*$|(?: \w+)?\?| (?:on|for|about|how|why|what|with|where|which|please|needed|is appreciated|appreciated|would be)\b)"),
    ("can could may should", r" i\b(?! (?:help|show|send|give|offer) (?:you|anyone|anybody|somebody)| do for)"),
    ("can could would will", r" (?:you|u)(?: \w+)? (?:help me|tell me|point me|suggest me|show me how)\b"),
    ("what which", r" .{2,40}\bdo you (?:recommend|use (?:for|to))\b"),
    ("do", r" (?:i (?:need|have|still|really|get|pay|want)|we have to)\b"),
    ("where", r" (?:can|do|could|should|would) (?:i|we|one)\b"),
    ("when", r" (?:can|do|could|should|will) (?:i|we)\b"),
    ("what", r" (?:do|should|can|am|would) (?:i|we)\b"),
    ("what which", r" .{0,40}\b(?:should|do|can) i\b"),
    ("which", r" .{0,40}would you (?:\w+ )?(?:recommend|buy|choose|take|suggest)\b"),
    ("who", r" (?:do|can|should) i\b"),
    ("what", r"(?:'s| is) the (?:best|right|easiest|correct|command|proper|way|difference|deadline)\b"),
    ("why", r" (?:does|is|do|are|can't|won't|doesn't) (?:my|it|this|the|i|our)\b"),
    ("am", r" i (?:doing|missing|right|supposed|allowed|the only)\b"),
    ("is", r" it (?:just me|possible|safe|normal|okay|ok|recommended|necessary|worth|allowed)\b"),
    ("how", r" (?:can|does|should) one\b"),
    ("weiß weiss kennt kennen hat hatte kann könnte könnt", r" (?:(?:mir|uns|hier|sich|das|schon|schon mal|sonst|noch|auch|bitte|von euch) ){0,3}(?:jemand\w*|wer|einer|irgendwer)\b(?! (?:dir|euch))"),
    ("wie wo was wann wofür womit woran woher wohin", _W + r" \w+(?: (?:das|die|der|den|mir))? (?:ich|man)\b(?! (?:dir|euch|dich|nur|bloß|denn|noch|überhaupt))"),
    ("wie wo was wann", _W + r" (?:müssen|können|sollen|dürfen|bekommen|finden|geben) wir\b"),
    ("warum wieso weshalb", r" \w+(?: (?:das|die|der|den|mir))? ich\b(?! (?:dir|euch|dich))"),
    ("wie", r" (?:kann|bekomme|mache|muss|soll|komme|finde|geht)\b(?!'s| es (?:dir|euch|ihnen|uns)| (?:dir|euch))"),
    ("wo", r" (?:kann|finde|ist|gibt|sind|bekommt)\b"),
    ("gibt", r"(?: es|'s|s)\b"),
    ("ist", r" (?:es (?:normal|möglich|erlaubt|schlimm)|bei euch auch)\b"),
    ("kann darf muss soll sollte brauche brauch könnte", r" (?:ich|man)\b(?! (?:dir|euch|ihnen|mal (?:schauen|gucken)|es dir|es euch|da leider|leider))"),
    ("welche welcher welches welchen welchem", r" .{0,40}\b(?:ich|man|wir|würdet ihr|nehmt ihr|empfehlt ihr|könnt ihr)\b"),
    ("wen", r" (?:muss|kann|soll)"),
    ("woran", r" (?:liegt|kann)\b"),
    ("habt hat", r" (?:ihr|jemand|wer|einer)(?: \w+){0,2} (?:tipps?|ideen?|empfehlung\w*|erfahrung\w*|rat)\b"),
    ("kennt", r" (?:ihr|jemand|wer|einer)\b"),
    ("was", r" (?:könnt|würdet|empfehlt) ihr\b"),
    ("jemand", r" (?:hier |da |von euch )?(?:eine? |ne )?(?:idee|ahnung|tipp|rat|erfahrung|der mir)"),
    ("geht", r" es (?:noch )?jemand"),
    ("was", r" tun\b"),
)  # fmt: skip

# What may lead to a question.
_LEADS = (
    ("i", r"(?:'m| am) (?:trying|looking|having trouble|stuck|wondering|struggling|unable)\b(?! forward)"),
    ("i", r" (?:need help|wonder)\b"),
    ("i", r" (?:can't|cannot|can not|couldn't|don't know how|do not know how|don't understand|want to know|would like to know|need to know)\b"),
    ("please", r" help"),
    ("help", r" me"),
    ("need", r" (?:some )?help"),
    ("my", r" .{2,60}(?:doesn't|does not|won't|isn't|not) (?:work|start|boot|show|connect|find)"),
    ("ich", r" (?:suche|bekomme|kriege|schaffe|verstehe)\b"),
)  # fmt: skip

# What is said of one's own need, whoever is spoken to.
_HELP = r"(?:help|advice|assistance|a hand|support|tips|pointers|recommendations?|suggestions?|guidance)"
_HILFE = r"(?:hilfe|rat|tipps?|unterstützung|support|ratschl\w+|empfehlung\w*)"
_SAID = (
    ("i we", r"(?:'m|'re| am| are)(?: \w+)? (?:trying to .{3,120}?(?:\b(?:but|however|how|can't|cannot|doesn't|won't|only|fails?|error|any)\b|\?)|looking for\b|not sure (?:where|what|which) (?:to|i)\b)"),
    ("i we", r" was (?:just )?wondering (?:if|whether|how|what|where|why|which)\b"),
    ("i we", r"(?: \w+)? need(?: \w+){0,2}? " + _HELP + r"\b(?! (?:you|him|her|them)\b)"),
    ("i we", r" (?:would like to know|want to know|need to know|have a (?:\w+ )?question)\b"),
    ("i we", r"(?:'d| would) (?:like|love) to know\b"),
    ("i we", r"(?: \w+)? (?:don't|do not|dont) know (?:how|where|which|what) (?:to|i)\b"),
    ("have", r"(?: (?:a|another|one|some|quick|basic)){0,2} questions?\b"),
    ("my", r" question (?:is|was|would be)\b"),
    ("need", r"(?: \w+){0,2}? " + _HELP + r"\b"),
    ("please", r" (?:help|advise|somebody|someone)\b(?! (?:you|him|her|them)\w*)"),
    ("help", r" (?:me|needed|wanted|please)\b"),
    ("help", r"[,!]? (?:i|my|we)\b"),
    ("i we", r" need (?:some|any) ?(?:one|body) (?:to|who|for)\b"),
    ("ich wir", r" (?:brauche|brauch|bräuchte|suche|such)(?: (?:noch|dringend|mal))* (?:jemand\w*|wen|einen? \w+ (?:zum|für|der|die))\b"),
    ("hilfe", r",? (?:ich|mein\w*|wir)\b"),
    ("advice tips suggestions recommendations", r" (?:needed|wanted|please|appreciated)\b"),
    ("looking", r" for\b"),
    ("problem problems trouble issue", r" (?:with|\w+ing)\b"),
    ("question", r"(?::| about| on| regarding| for)"),
    ("trying", r" to .{3,120}?(?:\b(?:but|however|how|can't|cannot|doesn't|won't|only|fails?|error|any)\b|\?)"),
    ("not", r" sure (?:where|what|which) (?:to|i)\b"),
    ("ich wir", r" (?:brauche|brauch|bräuchte|benötige|brauchen|bräuchten|benötigen)(?: (?!kein)\w+){0,3}? " + _HILFE + r"\b"),
    ("brauche bräuchte benötige brauch benötigen brauchen", r"(?: (?!kein|nicht)\w+){0,3}? " + _HILFE + r"\b"),
    ("ich wir", r" (?:suche|such|suchen)\b(?! (?:nichts|nicht|immer noch nach dem sinn))"),
    ("suche suchen", r" (?:wen|ein\w*|jemand\w*|nach|noch|gute\w*|" + _HILFE + r"|dringend|hier)\b"),
    ("ich", r" (?:versuche|möchte|will) .{3,80}\baber\b"),
    ("ich", r" (?:hab|habe|hätte)(?: (?:da|mal|auch|noch|eine?|ne|kurz|kurze|kleine)){1,3} frage\b"),
    ("ich", r" (?:wüsste gerne?|frage mich,? (?:ob|wie|wo|wann|welche|warum))\b"),
    ("würde mich", r" (?:mich |mal )?(?:würde )?(?:mal )?interessieren"),
    ("hilfe", r"(?:[,!:]| gesucht| benötigt| bitte)"),
    ("frage", r"(?: zu| zur| zum|:)"),
    ("tipps", r" (?:für|zu|zum) .*\?"),
    ("tips", r" (?:for|on) .*\?"),
)  # fmt: skip

# What is said of trouble of one's own.
_ABLE = r"(?:can't|cannot|can not|cant|couldn't|could not|am not able to|'m not able to|are not able to|am unable to|'m unable to|don't manage to)"
_DO = (
    r"(?:access|activate|add|adjust|beat|boot|build|buy|cancel|change|check out|click|compile|complete|connect|copy|create|delete|disable|download|edit|enable|enter|"
    r"export|figure|find|finish|hear|import|install|join|load|log ?in|log on|login|log into|mount|move|open|pair|pass|pay|ping|play|post|print|reach|register|remove|rename|reset|"
    r"run|save|scroll|see|select|send|set|share|sign|solve|ssh|start|stop|submit|switch|sync|turn|uninstall|unlock|update|upgrade|upload|use|verify|view|"
    r"(?:get|make) (?!enough|over|used|away|tired|it\b(?! (?:to|work))))\b(?! (?:why|what you|an?\b|everything|a difference|any difference|that happening|it happening|myself|a reason|anything wrong|anyone|you|the time)\b)"
)  # fmt: skip
_BROKEN = (
    r"(?:(?:doesn't|does not|doesnt|won't|wont|will not|don't|do not)(?: \w+)? (?:work|start|load|boot|open|connect|turn|install|play|show|update|sync|charge|print|respond|recognise|recognize|find|detect|appear|rise|grow|arrive|run)"
    r"|can't (?:connect|detect|find)|isn't (?:working|loading|showing|starting|recogni[sz]ed|detected|responding)|is not (?:working|loading|showing|starting|recogni[sz]ed|detected|responding)|stopped working|no longer \w+"
    r"|(?:keeps?|kept) (?:\w+ing|on \w+ing)|crash(?:es|ed)|freezes|hangs|is (?:gone|empty|stuck|broken|missing|gr[ae]yed out|down|blank|black|locked|offline)|(?:stays|remains|goes) (?:black|blank|empty)|never (?:rises?|arrives?|starts?|loads?|works?))\b"
)  # fmt: skip
_KANN = r"\w*(?:öffnen|ändern|melden|loggen|finden|sehen|hören|laden|speichern|installieren|aktivieren|aktualisieren|exportieren|importieren|kopieren|registrieren|starten|stellen|löschen|bearbeiten|verbinden|spielen|zugreifen|erreichen|schicken|senden|posten|teilen|drucken|schalten|lösen|bezahlen|buchen|kündigen|abgeben|eingeben|auswählen|benutzen|verwenden|nutzen|entfernen)\b"
_GEHT = r"(?:geht|gehen|startet|starten|lädt|laden|läuft|laufen|funktionier\w*|funzt|klappt|öffnet|öffnen|wird|werden|zeigt|reagiert|erscheint|verbindet|kommt|kommen|speichert|druckt|erkennt|fehlt|fehlen)"
_NICHT = r"(?:nicht|nichts|nix|nie|kein\w*)"
_ABSTURZ = r"(?:stürzt|hängt sich|friert|crasht|bleibt (?:\w+ ){0,3}(?:hängen|schwarz|leer)|ist (?:\w+ ){0,4}(?:leer|weg|gesperrt|kaputt|schwarz|offline|verschwunden|down))"
_TROUBLE = (
    ("i", rf"(?: (?:still|just|also|really|somehow|simply|now|currently))?(?: |(?='))(?:{_ABLE})(?: (?:even|really|seem to|for the life of me|manage to))? {_DO}"),
    ("can couldn could", rf"(?:'t| not)(?: (?:even|really|seem to))? {_DO}"),
    ("cannot cant unable", rf"(?: to)?(?: (?:even|really|seem to))? {_DO}"),
    ("i we", r"(?:'m|'re| am| are|'ve been| have been)(?: \w+)? (?:stuck|struggling)\b(?! (?:in (?:traffic|bed|a meeting)|at (?:work|home)|inside))"),
    ("i we", r"(?:'m|'re| am| are| have| 've| get|'ve got| got)(?: \w+){0,3}? (?:trouble|problems?|issues?|difficult(?:y|ies))\b(?: (?:with|to|when|after|since|getting|setting|connecting|installing|logging|in|about|running)\b|\W*$|[.,:;(])"),
    ("i we", r"(?:'m| am|'re| are)? (?:getting|get|keep (?:getting|losing|having|seeing))\b"),
    ("i", r" (?:don't|do not|dont)(?: \w+)? (?:understand|get) (?:the|this|question|step|exercise|task|how (?:to|i|this|the)|what (?:to|i|this|the))\b"),
    ("i", r"(?:'ve| have) (?:been trying|tried)\b.{5,120}\b(?:still|but|and (?:it|nothing))\b"),
    ("i we", r" (?:\w+ )?(?:tried|updated|upgraded|installed|changed|run|ran)\b.{5,200}\b(?:error|fails?|nothing (?:starts|works|happens)|doesn't|won't|no luck)\b"),
    ("i", r" (?:try|tried) to\b.{5,200}\b(?:but|error|can't|cannot|doesn't|fails?)\b"),
    ("im", r" (?:stuck|getting (?:an?|the|this|error)|struggling|having (?:trouble|problems|issues))\b"),
    ("my our", rf" (?:[\w-]+ ){{1,4}}?{_BROKEN}"),
    ("doesn won isn", r"'t(?: \w+)? (?:work|start|load|boot|open|connect|turn|install|play|show|update|sync|charge|print|respond|recogni[sz]e|appear|let)\w*\b.{0,60}\b(?:for me|for us|on my|i|my|it says)\b"),
    ("stopped keeps crashes freezes hangs", r"\b.{0,60}\b(?:for me|for us|on my|i|my)\b"),
    ("trying", r" to (?!say|resist|be|stay|help|eat|lose|quit|think|keep)\w"),
    ("stuck", r" (?:on|at|with|in)\b(?! (?:traffic|bed|a meeting|work))"),
    ("having getting got", r"(?: (?:an?|the|this|some|\w+))? (?:trouble|problems?|issues?|difficult(?:y|ies)|error|kicked|blank)\b"),
    ("struggling", r" (?:with|to)\b"),
    ("ich wir", rf"(?: (?:kann|konnte|können|ich|mich|mir|wir)){{1,2}}(?: \w+){{0,5}}? {_NICHT}(?: \w+){{0,3}}? {_KANN}"),
    ("kann", rf"(?<=^kann)(?: mich| mir)?(?: \w+){{0,3}}? {_NICHT}(?: \w+){{0,2}}? {_KANN}"),
    ("kann", rf" ich(?: \w+){{0,4}}? {_NICHT}(?: \w+){{0,2}}? {_KANN}"),
    ("ich wir", r" (?:komme|komm|kommen)(?: \w+){0,5}? nicht(?: mehr)? (?:weiter|rein|klar|dran|in (?:mein|das|den|die|unser)\w*|auf (?:mein|das|den|die)\w*|ins)\b"),
    ("ich", r" (?:bekomme|bekomm|kriege|krieg)(?: \w+){0,5}? (?:nicht(?: \w+)? (?:zum|hin|auf|an|\w+iert|verbunden|geöffnet)|fehler\w*|error|\d{3}|eine fehlermeldung)\b"),
    ("ich", r" finde(?: \w+){0,8}? (?:nicht|nirgends|nirgendwo)(?: mehr)?(?:\W*$|[,.!?]| (?:in|im|auf|wo)\b)"),
    ("ich", r" sehe?(?: \w+){1,5}? nicht(?: mehr)?(?:\W*$|[,.!?]| (?:von|in|im|auf)\b)"),
    ("ich", r" (?:verstehe?|kapiere?|check)(?: \w+)? nicht,? (?:wie|was|wo|warum|wann)\b"),
    ("ich", r" habe(?: \w+){0,5}? (?:fehler\w*|error|problem)(?: \w+){0,2}? (?:bekommen|gekriegt|erhalten)\b"),
    ("ich", r" (?:verstehe?|kapiere?|check)(?: (?:die|den|das|diese\w*|aufgabe|schritt|frage|lektion|übung))(?: \w+){0,3} nicht\b"),
    ("ich", r" (?:weiß|weiss)(?: \w+)? nicht(?: mehr)?,? (?:wie|wo|welche\w*|was|womit) (?:ich|man|wir)\b"),
    ("ich", r" (?:hänge|häng|stecke|steck)(?: \w+){0,6} fest\b"),
    ("ich hab habe", r"(?: (?:hab|habe|ein|große?|immer|ständig|leider|gerade|das|auch)){0,4} (?:probleme?|schwierigkeiten|ärger) (?:mit|beim|bei)\b"),
    ("bei", rf" (?:mir|uns) {_GEHT}(?: [\w-]+){{0,6}}? {_NICHT}\b(?! (?:nur|mehr vor))"),
    ("bei", rf" (?:mir|uns)(?: [\w-]+){{0,3}}? (?:{_ABSTURZ})\b"),
    ("geht gehen startet lädt läuft laufen funktioniert funktionieren klappt öffnet wird zeigt kommt kommen", rf"(?: [\w-]+){{0,3}} bei (?:mir|uns)(?: [\w-]+){{0,3}}? {_NICHT}\b"),
    ("stürzt hängt friert", r"\b.{0,60}\b(?:bei (?:mir|uns)|mein\w*)\b"),
    ("mein meine unser unsere", rf" (?:[\w-]+ ){{1,3}}?(?:{_GEHT}(?: [\w-]+){{0,6}}? {_NICHT}\b|{_ABSTURZ})"),
    ("is are", r" (?:gone|missing|broken|empty|blank|gr[ae]yed out)\b.{0,20}\b(?:for me|on my)\b"),
    ("lässt lassen", rf" sich(?: \w+){{0,4}}? nicht(?: \w+)? {_KANN}"),
)  # fmt: skip

# Before a phrase that is said: nothing, a sign, or one of these.
_CLAUSE = re.compile(
    r"(?:^|[.!?,;:\n()-]|\b(?:and|but|so|now|hi|hello|hey|guys|all|folks|everyone|sorry|please|also|today|still|somehow|unfortunately|maybe|or|anyway|"
    r"und|aber|leider|hallo|jetzt|irgendwie|gerade|zusammen|dringend|bin|bitte)\b)\W*$"
)
# Where the speaker is left out ("can't log in"), only the beginning of a sentence or a greeting stands before.
_BEGIN = re.compile(
    r"(?:^|[.!?:]|(?<!,)\n|\b(?:hi|hello|hey|guys|all|folks|everyone|sorry|help|hallo|moin|zusammen|leider)\b)[^\w(]*(?:(?:i'm|im|i am|am|still|just) )?$"
)
_SUPPOSED = re.compile(
    r"\b(?:if|when|whenever|unless|until|because|that|wenn|falls|sobald|ob|weil|dass|damit)\b[^.!?\n]*$"
)
_GOES_ON = re.compile(
    r"\W*(?:but|and|or|so|then|because|yes|yeah|yep|no|nope|hmm+|ok|okay|well|ah|oh|aber|und|oder|ja|nein|nö|doch|naja|ach|achso)\b"
)
_OVER = re.compile(
    r"\b(?:fixed|solved|resolved|works? (?:again|now|fine)|working (?:again|now)|figured (?:it|that) out|never ?mind|nvm|(?:helped|was it)\b|no longer a problem|"
    r"geht (?:jetzt|wieder|nun)|läuft (?:jetzt|wieder)|jetzt (?:geht|läuft)|geschafft|gelöst|erledigt|behoben|geholfen|hinbekommen)\b"
)
_GREETING = re.compile(
    r"\W*(?:hi|hello|hey|hallo|moin|servus|guys|all|folks|everyone|sorry|help|hilfe|leider|question|frage|advice|unfortunately|please|bitte|ich|i|problem|issue)\b"
)
BEFORE, SUPPOSED = 24, 80  # characters looked at before a phrase: for the beginning of a clause, for a condition
SHORT = 3  # letters of a word that stands within many others
SAID_MAX = 300  # characters of the beginning in which somebody says what they need
PLACES = 3  # of a word in a text at which a phrase is looked for


_UMLAUTS = {"ä": "(?:ä|ae?)", "ö": "(?:ö|oe?)", "ü": "(?:ü|ue?)", "ß": "(?:ß|ss)"}
_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_ONE_LETTER = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})


class _Table:
    """Phrases by their first word: to look for a word, or for two, is cheaper than for all the phrases."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        ends: dict[str, list[str]] = {}
        for words, end in phrases:
            for word in words.split():
                ends.setdefault(word, []).append(end)
        self.by = {
            spelling: re.compile(rf"\b{spelling}(?:{spelt('|'.join(known)).replace(' ', chr(92) + 's')})")
            for word, known in ends.items()
            for spelling in spellings(word)
        }
        behind = {
            spelling: None if "'" in word else follows(f"(?:{spelt('|'.join(known))})")
            for word, known in ends.items()
            for spelling in spellings(word)
        }
        self.free = frozenset(word for word, after in behind.items() if after is None)
        self.pairs = frozenset((word, one) for word, after in behind.items() for one in after or ())

    def begun(self, known: AbstractSet[str], pairs: AbstractSet[tuple[str, str]]) -> AbstractSet[str]:
        """Return the first words of phrases that may stand in a text with these words, and these among its neighbours."""
        begun = self.free & known
        return begun | {word for word, _ in self.pairs & pairs} if pairs else begun


def spelt(pattern: str) -> str:
    """Return a pattern that takes umlauts as keyboards without them write them, too."""
    for letter, ways in _UMLAUTS.items():
        pattern = pattern.replace(letter, ways)
    return pattern


def spellings(word: str) -> set[str]:
    """Return a word as it is written on keyboards with umlauts and without."""
    return {word, word.translate(_TWO_LETTERS), word.translate(_ONE_LETTER)}


def spelt_words(words: str) -> frozenset[str]:
    """Return words, parted by blanks, in all spellings."""
    return frozenset(spelling for word in words.split() for spelling in spellings(word))


# Without a mark these ask at the beginning of a sentence alone: "wenn es eins gibt, kann man ..." tells.
_VERB_FIRST = spelt_words("kann darf muss soll sollte brauche brauch könnte gibt ist geht")
# All patterns in one, for their words.
WRITTEN = " ".join(f"{words} {end}" for words, end in (*_ASKED, *INVERTED, *_LEADS, *_SAID, *_TROUBLE))
_ASKS, _INVERTS, _LEADING, _SAYS, _TROUBLES = map(_Table, (_ASKED, INVERTED, _LEADS, _SAID, _TROUBLE))
_TABLES = (_ASKS, _INVERTS, _LEADING, _SAYS, _TROUBLES)
_PAIRS: frozenset[tuple[str, str]] = frozenset().union(*(table.pairs for table in _TABLES))
_SPEAKERS = spelt_words("i we im ich wir please help hilfe würde mich tipps frage question my")
_ANYWHERE = spelt_words(
    "kann is are my our doesn won isn stopped keeps crashes freezes hangs mein meine unser unsere bei geht gehen startet lädt läuft laufen funktioniert funktionieren klappt öffnet wird zeigt kommt kommen stürzt hängt friert lässt lassen"
)


# No phrase of that table without one of these words; most texts have none.
_KEYS_LEADS = spelt_words(
    "trying looking having stuck wondering struggling unable need wonder can't cannot couldn't not know understand help doesn't won't isn't suche bekomme "
    "kriege schaffe verstehe"
)
_KEYS_SAID = spelt_words(
    "trying looking sure wondering need know question questions help advise somebody someone advice tips suggestions recommendations problem problems trouble "
    "issue brauche brauch bräuchte benötige brauchen bräuchten benötigen suche such suchen aber frage wüsste interessieren hilfe tipps"
)
_KEYS_TROUBLE = spelt_words(
    "can't cannot cant couldn't not able unable manage stuck struggling trouble problem problems issue issues difficulty difficulties getting get got keep having "
    "understand tried try updated upgraded installed changed run ran doesn't doesnt won't wont don't dont isn't stopped longer keeps kept crashes crashed freezes "
    "hangs gone empty broken missing greyed grayed down blank black locked offline stays remains goes never trying nicht nichts nix nie kein keine keinen keiner "
    "keinem bekomme bekomm kriege krieg nirgends nirgendwo fest probleme schwierigkeiten ärger stürzt hängt friert crasht bleibt leer weg gesperrt kaputt schwarz "
    "verschwunden"
)


# Whatever of a text any phrase hangs on, looked up once.
_FREE: frozenset[str] = frozenset().union(*(table.free for table in _TABLES))
_TELLING = _FREE | _KEYS_LEADS | _KEYS_SAID | _KEYS_TROUBLE


class Phrases(NamedTuple):
    """Whether something is asked as for one's own need, and so at the beginning of a clause; a need is said; trouble is; somebody is named first."""

    asks: bool
    opens: bool
    says: bool
    troubled: bool
    to_somebody: bool


def phrases(words: str, known: list[str], pairs: AbstractSet[tuple[str, str]], rest: str) -> Phrases:
    """Look for phrases in fresh words in lower case; `known` are their `heads`, `pairs` their `neighbours`, `rest` the words behind a leading name.

    One that settles it ends the search: what is said is not looked for where something is asked.
    """
    address = words[: len(words) - len(rest)]
    to_somebody = bool(address) and not _GREETING.match(address)
    if not pairs and _FREE.isdisjoint(known):
        return Phrases(False, False, False, False, to_somebody)
    begin, telling = rest[:SAID_MAX], _TELLING.intersection(known)
    asks, opens = _asked(rest, begin, telling, pairs)
    says = not (opens or _KEYS_SAID.isdisjoint(telling)) and any(
        _stands(_SAYS.by[head], head, begin, _before(head)) for head in _SAYS.begun(telling, pairs)
    )
    may = not (opens or says or to_somebody or _KEYS_TROUBLE.isdisjoint(telling) or _GOES_ON.match(address or words))
    return Phrases(asks, opens, says, may and _troubled(rest[:SAID_MAX], telling, pairs), to_somebody)


def heads(found: list[str], words: str) -> list[str]:
    """Return tokens, and of those with an apostrophe what stands before it."""
    return [*found, *(word.partition("'")[0] for word in found if "'" in word)] if "'" in words else found


def neighbours(found: list[str], words: str) -> set[tuple[str, str]]:
    """Return tokens with the next, where a phrase may begin with them; of those with an apostrophe, what stands before it."""
    if "'" in words:
        found = [word.partition("'")[0] if "'" in word else word for word in found]
    return set(_PAIRS.intersection(pairwise(found)))


def _asked(words: str, begin: str, telling: AbstractSet[str], pairs: AbstractSet[tuple[str, str]]) -> tuple[bool, bool]:
    """Tell whether something is asked as for one's own need, or may lead to it, and whether a clause begins with it."""
    told = "?" not in words
    asked = [head for head in _ASKS.begun(telling, pairs) if _stands(_ASKS.by[head], head, words)]
    opens = told and any(_stands(_INVERTS.by[head], head, words, _directly) for head in _INVERTS.begun(telling, pairs))
    if asked or opens:
        return True, opens or any(
            _stands(_ASKS.by[head], head, words, _begins if told and head in _VERB_FIRST else _clause) for head in asked
        )
    if _KEYS_LEADS.isdisjoint(telling):
        return False, False
    return any(_stands(_LEADING.by[head], head, begin) for head in _LEADING.begun(telling, pairs)), False


def _troubled(words: str, telling: AbstractSet[str], pairs: AbstractSet[tuple[str, str]]) -> bool:
    """Tell whether trouble of one's own is said, and is not over."""
    return any(
        _stands(_TROUBLES.by[head], head, words, _before(head)) for head in _TROUBLES.begun(telling, pairs)
    ) and not _OVER.search(words)


def _clause(words: str, at: int) -> bool:
    return _CLAUSE.search(words[max(0, at - BEFORE) : at]) is not None


def _directly(words: str, at: int) -> bool:
    return EMBEDDED.search(words[max(0, at - BEFORE) : at]) is None


def _begins(words: str, at: int) -> bool:
    return _BEGIN.search(words[max(0, at - BEFORE) : at]) is not None


def _sincere(words: str, at: int) -> bool:
    return _SUPPOSED.search(words, max(0, at - SUPPOSED), at) is None


def _before(head: str) -> Callable[[str, int], bool]:
    """Return what must hold of the words before a phrase that begins so."""
    return _sincere if head in _ANYWHERE else _clause if head in _SPEAKERS else _begins


def _stands(pattern: re.Pattern[str], head: str, words: str, before: Callable[[str, int], bool] | None = None) -> bool:
    """Tell whether a phrase stands at one of the first places of a word, behind what may stand before it."""
    for needle in (head + " ", head + "'", head + "\n") if len(head) <= SHORT else (head,):
        at, places = words.find(needle), 0
        while at >= 0 and places < PLACES:
            if not words[at - 1 : at].isalnum():  # within a word it would not match
                places += 1
                if pattern.match(words, at) and (before is None or before(words, at)):
                    return True
            at = words.find(needle, at + 1)
    return False
