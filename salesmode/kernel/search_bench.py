"""How long search takes on a generated table, next to the bare index query: for `salesmode bench`."""

import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from salesmode.kernel import search
from salesmode.kernel.models import SearchEntry

KIND = "bench"
_PLACES = "北京 上海 深圳 广州 杭州 成都 重庆 武汉 西安 苏州 南京 天津 长沙 郑州 青岛 宁波 厦门 合肥".split()  # noqa: SIM905
_LETTERS = "华为中兴腾讯云海天星辰长乐东方明珠金山银河瑞丰宏达盛泰安康永信诚德隆昌嘉美佳和顺利源鑫博远航宇恒通"
_TRADES = "科技 贸易 电子 机械 医药 食品 建筑 物流 信息技术 新能源 环保 教育 化工 纺织 汽车".split()  # noqa: SIM905
_FORMS = ("有限公司", "股份有限公司", "集团", "有限责任公司")
QUERIES = {
    "two characters": "华为",
    "two characters, everywhere": "公司",
    "initials": "hwkj",
    "pinyin": "huawei",
    "mixed": "华wei keji",
    "whole name": "上海华为科技有限公司",
    "digits": "8842",
    "nothing": "犇鱻",
}


@dataclass(frozen=True)
class Measured:
    """What a query costs: the middle and the 95th of a hundred, in milliseconds; beside it the bare index query."""

    query: str
    middle: float
    p95: float
    bare: float


def entries(count: int, *, owners: int = 40, seed: int = 7) -> Iterator[search.Entry]:
    """Make up companies with names as they are found in a register."""
    chance = random.Random(seed)  # noqa: S311
    for number in range(1, count + 1):
        core = "".join(chance.choices(_LETTERS, k=chance.choice((2, 2, 3, 4))))
        name = f"{chance.choice(_PLACES)}{core}{chance.choice(_TRADES)}{chance.choice(_FORMS)}"
        phone = f"1{chance.randrange(3, 10)}{chance.randrange(10**9):09d}"
        yield search.Entry(KIND, number, name, text=phone, owner_id=1 + number % owners, url=f"/customers/{number}")


def bench_search(count: int, *, repeats: int = 100) -> tuple[float, list[Measured]]:
    """Index so many names; return names indexed per second, and what each query costs for a seller and for all."""
    started = time.perf_counter()
    with transaction.atomic():
        search.index_many(entries(count))
    per_second = count / (time.perf_counter() - started)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze kernel_searchentry")
    measured = []
    for who, owners in (("director", None), ("manager of 10", list(range(1, 11))), ("seller", [7])):
        for name, text in QUERIES.items():
            costs = sorted(_cost(text, owners) for _ in range(repeats))
            measured.append(
                Measured(
                    f"{name}, {who}", statistics.median(costs), costs[int(repeats * 0.95) - 1], _bare(text, repeats)
                )
            )
    return per_second, measured


def clean_up() -> None:
    """Take the made-up names away."""
    SearchEntry.objects.filter(kind=KIND).delete()


def _cost(text: str, owners: list[int] | None) -> float:
    started = time.perf_counter()
    search.find(text, owners=owners, kinds=[KIND])
    return (time.perf_counter() - started) * 1000


def _bare(text: str, repeats: int) -> float:
    """Return what the index alone costs for twenty hits."""
    query, _recheck = search._condition(search.plain(text))
    costs = []
    with connection.cursor() as cursor:
        for _ in range(repeats):
            started = time.perf_counter()
            cursor.execute("select id from kernel_searchentry where words @@ %s::tsquery limit 20", [query])
            cursor.fetchall()
            costs.append((time.perf_counter() - started) * 1000)
    return statistics.median(costs)
