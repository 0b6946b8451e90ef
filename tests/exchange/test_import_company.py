"""Taking over a whole company from some files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from salesmode.customers.models import Customer
from salesmode.exchange.models import CompanyImport
from salesmode.kernel.jobs import run_waiting_jobs
from salesmode.kernel.models import EventRecord
from salesmode.people.models import Person, Team
from salesmode.selling.models import Deal
from salesmode.workspace.company_import import import_company
from salesmode.workspace.company_import.run import NothingRecognised
from tests.conftest import TUESDAY

FILES = {
    "人员.csv": "业务员,经理,区域\n王伟,李娜,华东\n张敏,李娜,华东\n赵磊,陈静,华南\n",
    "产品.csv": "产品名称,系列,价格\n云服务 Pro,云,1000\n",
    "客户.csv": "客户名称,客户行业,创建时间\n华为,technolgy,2024-01-05\n比亚迪,制造,2024-02-01\n",
    "商机.csv": (
        "商机编号,业务员,产品,客户,商机阶段,创建时间,成交时间,商机金额\n"
        "D1,王伟,云服务Pro,华为,赢单,2024-03-01,2024-04-01,900\n"
        "D2,赵磊,云服务 Pro,,方案,2024-03-05,,\n"
        "D3,张敏,云服务 Pro,比亚迪,输单,2024-03-01,2024-05-01,1000\n"
        "D4,张敏,云服务 Pro,没有这家,方案,2024-03-01,,1000\n"
    ),
}


@pytest.fixture
def folder(tmp_path):
    """A folder of exported files, in the encoding that Chinese Excel writes."""
    where = tmp_path / "我的公司"
    where.mkdir()
    for name, text in FILES.items():
        (where / name).write_bytes(text.encode("gb18030"))
    return where


class TestImportCompany:
    def test_builds_everything_with_its_dates(self, folder, system):
        report = import_company(folder, by=system, at=TUESDAY)

        assert report["created"] == {
            "teams": 4,
            "people": 5,
            "products": 1,
            "customers": 2,
            "processes": 1,
            "stages": 1,
            "deals": 3,
        }
        team = Team.objects.get(lead__name="李娜")
        assert (team.parent.name, sorted(team.members.values_list("name", flat=True))) == (
            "华东",
            ["张敏", "李娜", "王伟"],
        )
        assert Person.objects.get(name="王伟").email.startswith("wang.wei@")
        won = Deal.objects.get(external_key="D1")
        assert (won.outcome, won.customer.name, f"{won.decided_at:%Y-%m-%d}") == ("won", "华为", "2024-04-01")
        assert Deal.objects.get(external_key="D2").amount == 1000
        event = EventRecord.objects.get(name="deal.won")
        assert f"{event.happened_at:%Y-%m-%d}" == "2024-04-01"

    def test_names_repairs_and_what_stays_out(self, folder, system):
        report = import_company(folder, by=system, at=TUESDAY)

        repairs = {(each["kind"], each.get("from")) for each in report["repairs"]}
        assert {("product_name", "云服务Pro"), ("industry_spelling", "technolgy")} <= repairs
        (left_out,) = report["skipped"]["rows"]
        assert (left_out["file"], left_out["row"]) == ("商机.csv", 5)
        assert "没有这家" in left_out["reason"]

    def test_leaves_out_deals_whose_amount_cannot_be_and_takes_the_others(self, folder, system):
        more = "".join(
            f"{key},张敏,,华为,方案,2024-03-01,,{amount}\n"
            for key, amount in [("D5", "0.005"), ("D6", "-3"), ("D7", "0.30000000000000004")]
        )
        (folder / "产品.csv").write_bytes("产品名称,系列,价格\n云服务 Pro,云,0.0125\n".encode("gb18030"))
        (folder / "商机.csv").write_bytes((FILES["商机.csv"] + more).encode("gb18030"))

        report = import_company(folder, by=system, at=TUESDAY)

        assert [each["row"] for each in report["skipped"]["rows"]] == [5, 6, 7]
        assert report["skipped"]["failed"] == {"deals": 3}
        amounts = dict(Deal.objects.values_list("external_key", "amount"))
        assert {key: str(amount) for key, amount in amounts.items()} == {
            "D1": "900.000",
            "D2": "0.010",
            "D3": "1000.000",
            "D7": "0.300",
        }

    def test_makes_nothing_twice(self, folder, system):
        import_company(folder, by=system, at=TUESDAY)
        events = EventRecord.objects.count()

        again = import_company(folder, by=system, at=TUESDAY)

        assert again["created"] == {}
        assert EventRecord.objects.count() == events

    def test_a_rehearsal_keeps_nothing(self, folder, system):
        report = import_company(folder, by=system, at=TUESDAY, rehearse=True)

        assert report["created"]["deals"] == 3
        assert not Deal.objects.exists()
        assert not EventRecord.objects.filter(name="deal.opened").exists()

    def test_a_folder_of_something_else_is_refused(self, tmp_path, system):
        (tmp_path / "x.csv").write_text("alpha,beta\n1,2\n")

        with pytest.raises(NothingRecognised):
            import_company(tmp_path, by=system, at=TUESDAY)


class TestThePage:
    def hand_in(self, client):
        files = [SimpleUploadedFile(name, text.encode("gb18030")) for name, text in FILES.items()]
        return client.post("/import/company", {"files": files})

    def test_looks_first_and_takes_over_then(self, client, ed):
        client.force_login(ed)
        page = self.hand_in(client).headers["Location"]
        run_waiting_jobs()
        assert not Customer.objects.exists()
        assert "technolgy" in client.get(page).content.decode()

        client.post(f"{page}/run")
        run_waiting_jobs()

        assert CompanyImport.objects.get().status == "done"
        assert Deal.objects.count() == 3

    @pytest.mark.parametrize("somebody", ["ana", "bo", "di", "gil", "fay"])
    def test_is_for_administrators(self, client, request, somebody):
        client.force_login(request.getfixturevalue(somebody))

        assert self.hand_in(client).status_code == 403
        assert not CompanyImport.objects.exists()
