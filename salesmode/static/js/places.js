// Offers provinces, cities and districts, each narrowed by the one before; other places can still be typed.
import { areaList } from "../vendor/areas.js";

const boxes = Object.fromEntries(["province", "city", "district"].map((part) => [part, document.querySelector(`[data-place=${part}]`)]));

function offer(part, names) {
  const box = boxes[part];
  let list = document.getElementById(`places-${part}`);
  if (!list) {
    list = document.createElement("datalist");
    list.id = `places-${part}`;
    box.after(list);
    box.setAttribute("list", list.id);
    box.autocomplete = "off";
  }
  list.replaceChildren(...names.map((name) => Object.assign(document.createElement("option"), { value: name })));
}

const codeOf = (table, name, start = "") => Object.keys(table).find((code) => code.startsWith(start) && table[code] === name) || "";
const namesIn = (table, start) => (start ? Object.keys(table).filter((code) => code.startsWith(start)).map((code) => table[code]) : []);

function refresh() {
  const province = codeOf(areaList.province_list, boxes.province.value).slice(0, 2);
  offer("city", namesIn(areaList.city_list, province));
  const city = province && codeOf(areaList.city_list, boxes.city.value, province).slice(0, 4);
  offer("district", namesIn(areaList.county_list, city));
}

if (boxes.province && boxes.city && boxes.district) {
  offer("province", Object.values(areaList.province_list));
  boxes.province.addEventListener("change", () => { boxes.city.value = ""; boxes.district.value = ""; refresh(); });
  boxes.city.addEventListener("change", () => { boxes.district.value = ""; refresh(); });
  refresh();
}
