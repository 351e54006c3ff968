"""Tables from files and the clipboard: what is clear is read and said, what is not is asked or refused."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pitdesk.desk.batch import csv_in
from pitdesk.desk.batch.csv_in import read_table, read_table_now
from pitdesk.desk.batch.csv_out import export, template
from pitdesk.desk.batch.csv_reading import Choices, Question, TableError, TableReading
from pitdesk.desk.batch.csv_safety import guarded, unguarded
from pitdesk.desk.batch.rows import FIELDS, MOST_ROWS, BatchRow, Field, Texts
from pitdesk.desk.batch.verdicts import Remark, Standing

HEAD = "Market,Side,Price,Contracts\n"


def read(table: str | bytes, **answers: str) -> TableReading:
    found = read_table_now(table, Choices(answers))
    assert isinstance(found, TableReading), found
    return found


def asked(table: str | bytes, **answers: str) -> Question:
    found = read_table_now(table, Choices(answers))
    assert isinstance(found, Question), found
    return found


def cell(reading: TableReading, field: Field, row: int = 0) -> str:
    return reading.rows[row].texts[field.place]


@pytest.mark.parametrize(
    "table",
    [
        "Market,Side,Price,Contracts\nKXFED,Buy Yes,42,100\n",
        "ticker;VERB;limit price;Qty\nKXFED;buy yes;42;100\n",
        "Symbol\tBuy/Sell\tPrice (cents)\tSize\nKXFED\tBUY YES\t42\t100\n",
        "market|side|price|count|note\nKXFED|bid|42|100|mine\n",
        "Market Ticker,Action,Side,Price,Quantity\r\nKXFED,buy,yes,42,100\r\n",
        "\ufeffMarket,Side,Price,Contracts\n\n,,,\nKXFED,Buy Yes,42,100\n\n",
        'Market,Side,Price,Contracts\n"KXFED","Buy Yes","42¢","100"\n',
    ],
)
def test_forgiving_names_and_every_separator(table: str) -> None:
    reading = read(table)
    (row,) = reading.good
    assert row.texts[Field.MARKET.place] == "KXFED"
    assert row.texts[Field.VERB.place].casefold() in ("buy yes", "bid")
    assert row.texts[Field.PRICE.place].removesuffix("¢") == "42"
    assert row.texts[Field.COUNT.place] == "100"
    assert reading.said[0].startswith("The columns are separated by")


@pytest.mark.parametrize(
    "table,kind",
    [
        (HEAD + "KXFED,Buy Yes,0.42,100\n", "price_unit"),
        (HEAD.replace(",", ";") + "KXFED;Buy Yes;42;1.000\n", "decimal"),
        (HEAD.replace(",", ";") + "KXFED;Buy Yes;42;1,000\n", "decimal"),
        (HEAD.replace(",", ";") + "A;Buy Yes;4.5;1\nB;Buy Yes;4,5;1\n", "decimal"),
        ("KXFED\tBuy Yes\t42\t100\n", "header"),
        (HEAD.encode() + "KXFED,Buy Yes,42,100,é\n".encode("cp1252"), "encoding"),
        ("a;b,c\nd;e,f\n", "separator"),
    ],
)
def test_what_can_be_read_two_ways_is_asked(table: str | bytes, kind: str) -> None:
    question = asked(table)
    assert question.kind == kind
    assert question.options


def test_the_answers_decide() -> None:
    table = HEAD.replace(",", ";") + "KXFED;Buy Yes;0,56;1.000\n"
    as_dollars = read(table, price_unit="dollars")
    assert cell(as_dollars, Field.PRICE) == "$0.56"
    assert cell(as_dollars, Field.COUNT) == "1000"
    assert any("0,56 is read as 0.56" in said for said in as_dollars.said)
    assert cell(read(table, price_unit="cents"), Field.PRICE) == "0.56"
    mixed = HEAD.replace(",", ";") + "A;Buy Yes;4.5;1\nB;Buy Yes;4,5;1\n"
    dots = read(mixed, decimal=".")
    assert [bool(row.problems) for row in dots.rows] == [False, True]
    assert "decimal dot" in dots.rows[1].problems[0]
    commas = read(mixed, decimal=",")
    assert [bool(row.problems) for row in commas.rows] == [True, False]
    assert read("KXFED\tBuy Yes\t42\t100\n", header="template").good
    assert read(HEAD.encode() + "KXFED,Buy Yes,42,100,é\n".encode("cp1252"), encoding="cp1252").rows


@pytest.mark.parametrize(
    "line,says",
    [
        ("KX\0FED,Buy Yes,42,100", "NUL"),
        ("KX\u202eFED,Buy Yes,42,100", "writing direction"),
        ("KX\u200bFED,Buy Yes,42,100", "U+200B"),
        (",Buy Yes,42,100", "nothing in market. Merged cells"),
        (",,42,100", "nothing in market and side"),
        ("KXFED,Buy Yes", "It has 2 cells"),
        ('KXFED,Buy Yes,42,"=HYPERLINK(1)"', "formula"),
        ("KXFED,yes,42,100", "is not a side"),
        ("KXFED,Buy Yes,42,-5", "above zero"),
        ("KXFED,Buy Yes,42,1e3", "not a number"),
        ("KXFED,Buy Yes,42,٣", "not a number"),
        ("KXFED,Buy Yes,42,NaN", "not a number"),
        ("KXFED,Buy Yes,42,0", "at least 0.01"),
        ("KXFED,Buy Yes,150,10", "A price here lies"),
        ('KXFED,Buy Yes,"4,2,1",10', "decimal dot"),
        ("Total,,42,100", "nothing in side"),
    ],
)
def test_every_bad_row_has_its_reason_and_the_others_are_kept(line: str, says: str) -> None:
    reading = read(f"{HEAD}KXFED,Buy Yes,4.5,100\n{line}\nKXFED,Buy No,8.5,5\n")
    assert [bool(row.problems) for row in reading.rows] == [False, True, False]
    assert reading.rows[1].line == 3
    assert any(says in problem for problem in reading.rows[1].problems), reading.rows[1].problems


@pytest.mark.parametrize(
    "table,says",
    [
        ("x" * (csv_in.MOST_BYTES + 1), "10 MB"),
        (HEAD + "KXFED,Buy Yes,42,100\n" * (csv_in.MOST_LINES + 1), "100,001 lines|100,002 lines"),
        ("", "Only one column|nothing"),
        ("just one column\nof words\n", "Only one column"),
        ("Market,Side,Contracts\nKXFED,Buy Yes,1\n", "no column for Price"),
        ("Market,Price,Contracts\nKXFED,1,1\n", "no column for Side"),
        ("Market,Ticker,Side,Price,Contracts\nA,B,Buy Yes,1,1\n", "Two columns"),
        ("one,two,three\nfour,five,six\n", "names no columns"),
        (HEAD + '"' + "x" * 200_000 + '",Buy Yes,1,1\n', "Line 2 cannot be read"),
    ],
)
def test_what_is_no_table_is_refused_whole(table: str, says: str) -> None:
    with pytest.raises(TableError, match=says):
        read_table_now(table)


def test_a_batch_takes_so_many_rows_and_the_others_say_so() -> None:
    reading = read(HEAD + "KXFED,Buy Yes,42,100\n" * (MOST_ROWS + 3))
    assert len(reading.good) == MOST_ROWS
    assert [row.problems for row in reading.bad] == [("A batch holds at most 2,000 rows.",)] * 3


def test_unknown_columns_are_named_and_repeated_ids_refused() -> None:
    reading = read(
        "Market,Side,Price,Contracts,Mood,Client order id\nA,Buy Yes,1,1,good,x1\nB,Buy Yes,1,1,bad,x1\n"
    )
    assert reading.unknown_columns == ("Mood",)
    assert "Left out: Mood." in reading.said
    assert reading.rows[1].problems == ("Line 2 has the same order id; each order needs its own.",)


def test_what_the_sheet_says_of_a_row_is_said_before_it_is_taken_in() -> None:
    """A market that it does not know keeps the row out; anything else is put right there."""

    def fault(texts: Texts) -> Remark | None:
        said = {
            "KXNOPE": Remark(Standing.FIX, "KXNOPE is not listed.", Field.MARKET),
            "KXSHUT": Remark(Standing.FIX, "This market is closed."),
        }
        return said.get(texts[Field.MARKET.place])

    tickers = ("KXFED", "KXNOPE", "KXSHUT", "KXFED")
    table = HEAD + "".join(f"{ticker},Buy Yes,{n},100\n" for n, ticker in enumerate(tickers, 1))
    found = asyncio.run(read_table(table, fault=fault))
    assert isinstance(found, TableReading)
    assert [row.texts[0] for row in found.good] == ["KXFED", "KXSHUT", "KXFED"]
    assert [row.problems for row in found.bad] == [("KXNOPE is not listed.",)]
    assert [row.fault for row in found.good] == ["", "This market is closed.", ""]
    assert found.with_faults == 1
    assert [row.line for row in found.shown] == [3, 4, 2, 5], "trouble comes first"


def test_the_template_reads_without_a_question() -> None:
    reading = read(template())
    assert reading.good
    assert not reading.unknown_columns


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.text(max_size=12), max_size=4).flatmap(lambda it: st.just("\n".join(it)))
    | st.binary(max_size=200)
)
def test_anything_at_all_is_read_asked_or_refused(table: str | bytes) -> None:
    try:
        found = read_table_now(table)
    except TableError:
        return
    assert isinstance(found, TableReading | Question)


TEXTS = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Zs", "Zl", "Zp"), include_characters=" "
    ),
    max_size=10,
).map(lambda text: text.strip(" "))
PLAIN_ROWS = st.builds(
    lambda market, group, price, count: tuple(
        {Field.MARKET: f"K{market}", Field.VERB: "Sell No", Field.PRICE: f"{price}¢", Field.COUNT: str(count),
         Field.ORDER_GROUP: group}.get(field, "")
        for field in FIELDS
    ),
    TEXTS, TEXTS, st.integers(1, 99), st.integers(1, 999),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PLAIN_ROWS, min_size=1, max_size=6))
def test_what_is_exported_comes_back_as_it_was(rows: list[tuple[str, ...]]) -> None:
    data = export(
        [BatchRow(place, texts) for place, texts in enumerate(rows)], extra=[("Check", lambda _: "Ready")]
    )
    assert [row.texts for row in read(data).rows] == rows


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        " =1",
        "\u00a0=1",
        "a\n=1",
        "@SUM(A1)",
        "\tx",
        "+1-2",
        "-x",
        "'=1",
        "''=1",
        "＝1",
        "a\r\n@x",
        "|calc",
    ],
)
def test_no_line_of_a_cell_begins_like_a_formula(text: str) -> None:
    safe = guarded(text)
    assert unguarded(safe) == text
    for line in safe.splitlines():
        assert line.lstrip(" \u00a0")[:1] not in tuple("=+-@\t|＝")


@pytest.mark.parametrize("number", ["-5", "4.5", "+3", "100"])
def test_numbers_stay_numbers(number: str) -> None:
    assert guarded(number) == number


@given(st.text(max_size=30))
def test_what_is_guarded_is_found_again(text: str) -> None:
    assert unguarded(guarded(text)) == text
