// Offers provinces, cities and districts, each narrowed by the one before; other places can still be typed.
const boxes = Object.fromEntries(["province", "city", "district"].map((part) => [part, document.querySelector(`[data-place=${part}]`)]));
// The National Bureau's table ends at the mainland.
const BEYOND = ["香港特别行政区", "澳门特别行政区", "台湾省"].map((name) => ({ label: name, children: [] }));
const PROVINCES = [...window.elementChinaAreaData.regionData, ...BEYOND];

// A province's cities as an address names them: nobody writes 市辖区 or 县 below a municipality, and a county that
// answers to the province itself stands where the city would.
function citiesOf(province) {
  return province.children.flatMap((city) => {
    if (city.label === "市辖区" || city.label === "县") return [{ label: province.label, children: city.children }];
    if (city.label.endsWith("直辖县级行政区划")) return city.children;
    return [city];
  });
}

function offer(part, places) {
  const box = boxes[part];
  let list = document.getElementById(`places-${part}`);
  if (!list) {
    list = document.createElement("datalist");
    list.id = `places-${part}`;
    box.after(list);
    box.setAttribute("list", list.id);
    box.autocomplete = "off";
  }
  const names = [...new Set(places.map((place) => place.label))];
  list.replaceChildren(...names.map((name) => Object.assign(document.createElement("option"), { value: name })));
}

const within = (places, name) => places.filter((place) => place.label === name);

function refresh() {
  const cities = within(PROVINCES, boxes.province.value).flatMap(citiesOf);
  offer("city", cities);
  offer("district", within(cities, boxes.city.value).flatMap((city) => city.children || []));
}

if (boxes.province && boxes.city && boxes.district) {
  offer("province", PROVINCES);
  boxes.province.addEventListener("change", () => { boxes.city.value = ""; boxes.district.value = ""; refresh(); });
  boxes.city.addEventListener("change", () => { boxes.district.value = ""; refresh(); });
  refresh();
}
