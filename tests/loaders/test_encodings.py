"""Legacy encodings: English keeps its pounds, dashes and quotation marks, other languages their letters."""

from __future__ import annotations

import random

import pytest

from assistant.errors import ArticleError
from assistant.loaders import load_bytes
from assistant.loaders.encodings import encoding_of

# fmt: off
OTHERS = [
    ("cp1250", "Minister powiedział, że nie będzie to łatwe. „Zrobimy wszystko, co możliwe” – dodał rzecznik rządu w środę."),
    ("iso8859_2", "Minister powiedział, że nie będzie to łatwe. Zrobimy wszystko, co możliwe, dodał rzecznik rządu w środę."),
    ("cp1250", "Żółw jest w ogrodzie i nie chce wyjść."),
    ("cp1250", "Předseda vlády řekl, že se na tom nic nezmění. Příští týden bude o návrhu jednat sněmovna a pak také Senát."),
    ("iso8859_2", "Předseda vlády řekl, že se na tom nic nezmění. Příští týden bude o návrhu jednat sněmovna a pak také Senát."),
    ("cp1250", "A miniszterelnök azt mondta, hogy nem lesz könnyű. Az új törvény őszre készül el, és egy évig marad érvényben."),
    ("cp1250", "Vláda sa na to pozrie v stredu, povedal minister. Ľudia však čakajú už dlho, a to nie je v poriadku."),
    ("cp1250", "Vlada će o tome odlučiti u srijedu, rekao je ministar. Građani su nezadovoljni jer se ništa nije promijenilo."),
    ("cp1254", "Başbakan bu konuda bir açıklama yaptı ve yeni yasanın yıl sonuna kadar çıkacağını söyledi. İşçiler ise daha fazla şey istiyor."),
    ("cp1257", "Ministras pirmadienį sakė, kad tai nėra lengva. Žmonės laukia jau ilgai, bet kol kas niekas nepasikeitė ir šiemet."),
    ("cp1252", "Le ministre a déclaré que la réunion était reportée. « Nous verrons à l’été », a-t-il ajouté. Où est le cœur du problème ?"),
    ("latin-1", "Die Bürger müssen größere Beträge zahlen, sagte der Minister. Das Gesetz gilt ab März für alle Städte über 5000 Einwohner."),
    ("cp1252", "El niño comió una piña. ¿Dónde está el corazón de la ciudad? Según él, no hay más que hacer por ahora."),
    ("cp1252", "São questões difíceis, disse o ministro. A decisão não será tomada antes do verão, e os cidadãos estão à espera."),
    ("cp1252", "Statsministern sade att beslutet är svårt. ”Vi får se på måndag”, sade hon, och åkte till Örebro."),
    ("cp1252", "Þetta er ekki auðvelt, sagði ráðherrann. Það var mikið rætt um málið í gær og hún fór heim að því loknu."),
    ("cp1251", "Посол заявил, что вопрос о выводе базы не стоит на повестке дня. Об этом сообщает газета «Восток»."),
    ("koi8-r", "Посол заявил, что вопрос о выводе базы не стоит на повестке дня. Об этом сообщает газета."),
    ("cp1253", "Ο υπουργός δήλωσε ότι η συνάντηση αναβάλλεται. Οι πολίτες περιμένουν εδώ και καιρό μια απάντηση από την κυβέρνηση."),
    ("cp1255", "השר אמר שהפגישה נדחתה לשבוע הבא. האזרחים מחכים כבר זמן רב לתשובה מהממשלה."),
    ("cp1256", "قال الوزير إن الاجتماع تأجل إلى الأسبوع المقبل. وينتظر المواطنون جوابا من الحكومة منذ زمن طويل."),
    ("shift_jis", "これは日本語の記事です。政府は新しい法律について発表しました。市民は反対しています。"),
    ("gb18030", "这是一篇中文文章。政府宣布了一项新法律。市民们表示反对，并要求总理辞职。"),
    ("euc_kr", "이것은 한국어 기사입니다. 정부는 새로운 법에 대해 발표했습니다. 시민들은 반대하고 있습니다."),
    ("mac_roman", "The café’s owner said “never” – and closed it. It was the résumé that cost £300, he told the paper…"),
    ("cp850", "The café had a naïve owner, and it was closed for the second time. He paid £300 for the façade."),
]
TEMPLATES = (
    "{name} was fined {money} {dash} half of what was asked. She called the delay {q}inexcusable{p}.",
    "{q}We{a}ll see,{p} said {name} of the {place} in {place}. The price is {money} a year.",
    "It{a}s {money}{dash}and that is for the {place}.",
    "The {place} opens at 9{dash}5, says {name}{e}",
    "{name} paid {money} © 2024.\nThe temperature was 21 °C at the {place}, {half} of the year.",
    "{q}{a}Tis so,{p} {name} wrote, {q}and the {place} isn{a}t worth {money}{p}{e}",
    "{money} {dash} {name}",
    "NEWS: {name} {dash} {place}",
)
# fmt: on
ENCODINGS = ("cp1252", "latin-1", "iso8859-15", "utf-8", "utf-8-sig", "utf-16")


def english(n_texts: int, encoding: str) -> list[str]:
    """Returns texts with marks and letters beyond ASCII, all of which the encoding can write."""
    drawn = random.Random(20)
    marks = {
        "name": ["Zoë Müller", "José Núñez", "Ann Lee", "Chloé Brontë", "Søren Ægir", "Ó Brien", "Françoise", "IÑIGO", "Ünal"],
        "place": ["café", "naïve cinema", "Curaçao", "town hall", "façade", "São Paulo", "Malmö", "Ångström Room", "Þórr"],
        "money": ["£350,000", "£5", "€20", "¥300", "$7", "5 £", "£1½ million", "20¢"],
        "dash": ["–", "—", " – ", "-"],
        "q": ["“", '"', "«"], "p": ["”", '"', "»"], "a": ["’", "'"], "e": ["…", "."], "half": ["½", "¾", "2²", "5 ±"],
    }  # fmt: skip
    texts: list[str] = []
    while len(texts) < n_texts:
        parts = [drawn.choice(TEMPLATES) for _ in range(drawn.randint(1, 3))]
        text = "\n\n".join(
            part.format(**{name: drawn.choice(values) for name, values in marks.items()}) for part in parts
        )
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            continue
        if not text.isascii():
            texts.append(text)
    return texts


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_english_keeps_its_marks_and_letters(encoding: str) -> None:
    texts = english(100, encoding)
    altered = [text for text in texts if load_bytes(text.encode(encoding), "a.txt").text != text]
    assert len(altered) <= 0.005 * len(texts), altered[:3]


@pytest.mark.parametrize(("encoding", "text"), OTHERS, ids=[f"{e}-{t[:12]}" for e, t in OTHERS])
def test_other_languages_keep_their_letters(encoding: str, text: str) -> None:
    assert load_bytes(text.encode(encoding), "a.txt").text == text
    assert load_bytes((f"{text}\n\n" * 8).encode(encoding), "a.txt").text == "\n\n".join([text] * 8)


def test_a_word_or_two_are_western() -> None:
    for text in ("Café", "£5 – “so”", "Zoë", "Mañana"):
        assert encoding_of(text.encode("cp1252")) == "cp1252"


def test_what_is_no_text_in_any_encoding_is_refused() -> None:
    with pytest.raises(ArticleError, match=r"a\.txt .*(binary|not text)"):
        load_bytes(bytes(range(1, 32)) + b"\x80\x81\x8d\x8f" * 50, "a.txt")
