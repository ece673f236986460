"""English words and names that are Telex for a Vietnamese syllable too ("these" types "thế").

Without them a query in English would be taken for Vietnamese typed with the input method off.
Found by decoding the 100,000 words of an English dictionary for spelling; left out are rare words
that type a common syllable ("buns": bún).

Knows nothing of Telex: it is a list.
"""

from __future__ import annotations

_WORDS = """
air arm as asap asm asp aura bar barn bast bee beef been beer berm best bets bias bits boar boast
boats bongo bongos bongs boom boor boost boots bore born boron bosom bow box boxen burn bury bus
bust busy buys car cary cast chair chaos charm chary chats cheer chef chest chips choir chore chose
chosen chow coast coats como congo core corm corn cost cots cow cows cox cuts dad dads dawn days
ddos ddt dee deed deeds deer def defend dense did docs dodo does donor doom door dorm down downs
dust eos ere ex exo gary gas gif goats gore gown gus guys hair hangar hans harm has hausa her here
hero hex his hits hoax honor horn hose host how huns hus if imf ins ir ira is its ix keen keeps kern
kits lama laos last laura lawn lee les lest lets liar lips lira lisa lisp list loom loops lore lorn
lose lost lots low luis lust lux maj mama maps mary mast maura max maxi maya meets meme mere metes
mir mist mix mono moon moor more moron most must nest noes noon nor norm nose now of oops ops or ore
oreo os own owns oxen par param pas past pasta pats pays peer peers pens per perez peso pest pets
photos piaf pieces pins pisa poems poets poops poor pops pore porn porno pose post pots pow pox puns
pups puree quasi queen queens queer quest queue queues raj ref rene reset rest reuse rex rims roast
roof room rooms roots rose row rows runs rus rust sari says see seem seems seen sees sense sere sex
sir six soaps soar sofa songs sons soon sos sox sums sworn taj tarzan tax taxi teen teens tense term
tern test thais thee theme themes there these this thor those thus tips toast toms tons too tops
tore torn tost town towns tree trees trips trojan troops trust turn ups us usa var vary vast vest
vips visa war was wax wi won wong worm wow wows wrong xor
"""

ENGLISH_THAT_IS_TELEX = frozenset(_WORDS.split())
"""Lower-case words; everything else in English spells no Vietnamese syllable in Telex."""
