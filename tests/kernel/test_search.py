"""Search answers what people type: characters, pinyin, initials, Latin letters, digits and mixtures."""

import threading
from importlib import import_module

import pytest
from django.db import connection, transaction

from salesmode.kernel import search, sounds
from salesmode.kernel.models import SearchEntry
from salesmode.people.search import find

HUAWEI, HARBOUR, ZENG, CHONGQING, NORTHWIND, TIME, CAFE = range(1, 8)


@pytest.fixture
def companies(db) -> None:
    """Seven companies that nobody owns, one contact of a polyphonic family name among them."""
    search.index_many(
        [
            search.Entry("customer", HUAWEI, "华为技术有限公司", "通信", "电话 13812345678"),
            search.Entry("customer", HARBOUR, "海湾Tech集团"),
            search.Entry("contact", ZENG, "曾国强"),
            search.Entry("customer", CHONGQING, "重庆长安汽车"),
            search.Entry("customer", NORTHWIND, "Northwind Traders GmbH", "O'Neill & Söhne"),
            search.Entry("customer", TIME, "华东伟业"),
            search.Entry("customer", CAFE, "Café Müller", "Łódź がび"),
        ]
    )


def found(text: str, **options) -> list[int]:
    return [entry.record_id for entry in search.find(text, owners=None, **options)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("华为", HUAWEI),
        ("华为技术有限公司", HUAWEI),
        ("技术", HUAWEI),
        ("华 技术", HUAWEI),
        ("huawei", HUAWEI),
        ("HuaWeiJi", HUAWEI),
        ("hua wei", HUAWEI),
        ("jishu", HUAWEI),
        ("huaweijishuyouxiangongsi", HUAWEI),
        ("hw", HUAWEI),
        ("hwjs", HUAWEI),
        ("hwjsyxgs", HUAWEI),
        ("jsyxgs", HUAWEI),
        ("jishuyouxiangongsi", HUAWEI),
        ("华wei", HUAWEI),
        ("华w", HUAWEI),
        ("华为jishu", HUAWEI),
        ("5678", HUAWEI),
        ("138123", HUAWEI),
        ("海湾tech", HARBOUR),
        ("tech", HARBOUR),
        ("ＴＥＣＨ", HARBOUR),
        ("haiwan tech", HARBOUR),
        ("海wan tech", HARBOUR),
        ("zengguoqiang", ZENG),
        ("cengguoqiang", ZENG),
        ("zgq", ZENG),
        ("强", ZENG),
        ("chongqing", CHONGQING),
        ("cqca", CHONGQING),
        ("northwind", NORTHWIND),
        ("north trad", NORTHWIND),
        ("wind", NORTHWIND),
        ("söhne", NORTHWIND),
        ("o'neill", NORTHWIND),
        ("sohne", NORTHWIND),
        ("SÖHNE", NORTHWIND),
        ("huáwéi", HUAWEI),
        ("cafe", CAFE),
        ("CAFÉ", CAFE),
        ("cafe\u0301 muller", CAFE),
        ("Müller", CAFE),
        ("mull", CAFE),
        ("lodz", CAFE),
        ("ŁÓDŹ", CAFE),
        ("がび", CAFE),
    ],
)
def test_a_record_is_found_by(companies, text, wanted):
    assert wanted in found(text)


@pytest.mark.parametrize(
    "text",
    ["为华", "かひ", "技术华为x", "zhongqing", "ch0ngqing", "   ", "", "华为汽车", "术有限公司技", "xw", "hwjsyxgsx"],
)
def test_nothing_is_found_by(companies, text):
    assert found(text) == []


def test_a_character_and_letters_belong_together(companies):
    assert found("华wei") == [HUAWEI]


def test_any_text_is_only_a_text(companies):
    for text in (
        "'",
        "\\",
        "a' | 'b",
        "!",
        "&",
        "<->",
        ":*",
        "%",
        "_",
        "(",
        "华为'",
        "a" * 5_000,
        "华" * 500,
        "\x00",
        "👍",
        "\ud83d",
    ):
        search.find(text, owners=None)


class TestTheBestComesFirst:
    def test_the_exact_name_then_names_that_begin_so_then_the_newest(self, db):
        for number, title in enumerate(["上海星辰", "星辰", "老星辰", "星辰科技", "新星辰"]):
            search.index_record("customer", number, title=title)

        assert found("星辰") == [1, 3, 4, 2, 0]

    def test_the_exact_initials_before_longer_ones(self, db):
        search.index_record("contact", 1, title="王伟")
        search.index_record("contact", 2, title="王文武")

        assert found("ww")[0] == 1


class TestWhoFindsWhat:
    @pytest.fixture
    def entries(self, ana, bo, cy):
        search.index_record("deal", 1, title="星辰一号", owner_id=ana.pk)
        search.index_record("deal", 2, title="星辰二号", owner_id=cy.pk)
        search.index_record("deal", 3, title="星辰三号", owner_id=cy.pk, account_owner_id=ana.pk)
        search.index_record("deal", 4, title="星辰四号", owner_id=cy.pk, shared_with=[ana.pk])
        search.index_record("product", 5, title="星辰产品", is_for_everyone=True)
        search.index_record("customer", 6, title="星辰公海")

    @pytest.mark.parametrize(
        ("who", "wanted"),
        [("ana", {1, 3, 4, 5}), ("bo", {1, 3, 4, 5}), ("cy", {2, 3, 4, 5}), ("di", {1, 2, 3, 4, 5, 6})],
    )
    def test_is_whose_records_they_see(self, entries, who, wanted, request):
        person = request.getfixturevalue(who)

        assert {entry.record_id for entry in find("xingchen", person)} == wanted
        assert {entry.record_id for entry in find("星辰", person)} == wanted

    def test_takes_one_query(self, entries, bo, django_assert_num_queries):
        with django_assert_num_queries(1):
            find("xc", bo)

    def test_is_nothing_once_they_left(self, entries, ana):
        ana.is_active = False

        assert find("星辰", ana) == []

    def test_may_be_narrowed_to_kinds(self, entries, ana):
        assert [entry.record_id for entry in find("星辰", ana, kinds=["product"])] == [5]


class TestTheIndex:
    def test_follows_the_record(self, db):
        search.index_record("customer", 1, title="旧名字", owner_id=1)
        search.index_record("customer", 1, title="新名字", owner_id=2)

        assert found("旧名") == []
        assert [entry.owners for entry in search.find("新名", owners=[2])] == [[2]]

        search.forget_record("customer", 1)
        assert found("新名") == []

    def test_is_left_alone_when_nothing_changed(self, db):
        search.index_record("customer", 1, title="名字")
        before = SearchEntry.objects.extra(select={"at": "xmin::text || ctid::text"}).get().at

        search.index_record("customer", 1, title="名字")
        assert SearchEntry.objects.extra(select={"at": "xmin::text || ctid::text"}).get().at == before

    def test_is_the_same_for_records_made_just_now(self, db):
        names = [
            "华为技术",
            "O'Reilly & \\Söhne\\",
            "''",
            "a\tb\nc",
            "银行 (上海) 100%",
            "重庆-乐山",
            "{1,2}",
            "\\N",
            "",
        ]
        entries = [
            search.Entry("customer", number, name, f"为 {name}", f"{name} 说\\明", number or None, shared_with=(7, 9))
            for number, name in enumerate(names)
        ]

        def written():
            columns = ("record_id", "title", "subtitle", "url", "owners", "key", "sounds", "text", "words")
            return list(SearchEntry.objects.order_by("record_id").values_list(*columns))

        search.index_many(entries)
        usual = written()
        SearchEntry.objects.all().delete()

        assert search.index_new(entries) == len(names)
        assert written() == usual

    def test_takes_the_last_of_twins(self, db):
        search.index_many([search.Entry("customer", 1, "一"), search.Entry("customer", 1, "二")])

        assert [entry.title for entry in search.find("二", owners=None)] == ["二"]


@pytest.mark.parametrize("name", ["仇", "解 决", "单 A"])
def test_a_family_name_by_itself_is_found_as_it_is_written(name, db):
    search.index_many([search.Entry("customer", 1, name, is_for_everyone=True)])

    assert [hit.title for hit in search.find(name, owners=None)] == [name]


def test_a_text_is_found_by_its_words_and_not_by_how_it_sounds(db):
    search.index_record("customer", 1, title="华为技术有限公司")
    search.index_record("interaction", 1, title="客户回问价格", text="客户回问价格，下周再谈", has_name=False)

    assert [entry.kind for entry in search.find("hw", owners=None)] == ["customer"]
    assert [entry.kind for entry in search.find("价格", owners=None)] == ["interaction"]


@pytest.mark.django_db(transaction=True)
def test_many_new_records_are_sorted_into_the_index_beside_the_import():
    with transaction.atomic():
        search.index_new(
            search.Entry("customer", n, f"Kunde {n:05}", is_for_everyone=True) for n in range(search.BATCH)
        )
    for each in threading.enumerate():
        if each.name == search.SORTING:
            each.join(60)
    assert [hit.record_id for hit in search.find("Kunde 00777", owners=None)] == [777]
    with connection.cursor() as cursor:
        cursor.execute("select gin_clean_pending_list(%s::regclass)", [search.INDEX])
        assert cursor.fetchone() == (0,)


class TestEntriesOfBefore:
    def test_are_found_without_accents_as_new_ones_are(self, db, monkeypatch):
        migration = import_module("salesmode.kernel.migrations.0005_found_without_accents")
        names = [
            "Café Müller",
            "Łódź & Œuvre Straße Ærø",
            "华为 Café",
            "华为技术",
            "Ångström がび",
            "Plain",
            "Ñandú Ltd 12",
        ]
        entries = [
            search.Entry("customer", number, name, f"zu {name}", "İstanbul đ") for number, name in enumerate(names)
        ]

        def written() -> list[tuple]:
            columns = ("record_id", "title", "key", "sounds", "text", "words")
            return list(SearchEntry.objects.order_by("record_id").values_list(*columns))

        search.index_many(entries)
        wanted = written()
        SearchEntry.objects.all().delete()
        with monkeypatch.context() as before:
            before.setattr(sounds, "without_accents", lambda text: text)
            search.index_many(entries)
        assert found("cafe") == []

        with connection.cursor() as cursor:
            cursor.execute(migration.WITHOUT_ACCENTS)

        # A word that was cut, or grew (œ is two letters), is cut elsewhere: all of the new ones need not be the same.
        assert [row[:5] for row in written()] == [row[:5] for row in wanted]
        assert [found(text) for text in ("cafe", "lodz", "oeuvre", "angstrom", "nandu", "plain")] == [
            [0, 2], [1], [1], [4], [6], [5],
        ]  # fmt: skip
