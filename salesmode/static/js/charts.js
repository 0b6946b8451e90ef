// Charts drawn from the tables beside them, in the colours of the page. Without this file the tables stay.
(() => {
  "use strict";
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const open = new Set();
  const isReduced = matchMedia("(prefers-reduced-motion: reduce)");

  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  // One theme for every chart, read from the tokens.
  function theme() {
    const [ink, ink2, line, accent, grey, surface] = ["ink", "ink-2", "line", "accent", "line-strong", "raised"].map(token);
    const text = { color: ink2, fontFamily: token("font"), fontSize: 12 };
    return { ink, ink2, line, accent, grey, surface, text };
  }

  const number = (text) => (text === "" || text === undefined ? null : Number(text));
  const read = (box) => $$("tr[data-bar]", box).map((row) => ({
    name: row.dataset.bar, value: number(row.dataset.value), before: number(row.dataset.previous), share: number(row.dataset.share),
    said: row.dataset.said, saidBefore: row.dataset.saidBefore, url: row.dataset.url, floor: number(row.dataset.floor), tone: row.dataset.tone, mark: row.dataset.mark,
  }));

  const inChinese = document.documentElement.lang.startsWith("zh");
  function short(value) {
    const steps = inChinese ? [[1e8, "亿"], [1e4, "万"]] : [[1e9, "B"], [1e6, "M"], [1e3, "k"]];
    const [unit, word] = steps.find(([least]) => Math.abs(value) >= least) ?? [1, ""];
    const figure = Math.round((value / unit) * 10) / 10;
    return `${figure.toLocaleString("en", { maximumFractionDigits: unit === 1 && figure >= 100 ? 0 : 1 })}${word}`;
  }

  // An amount carries its currency as the table writes it.
  const currency = (rows) => rows.find((row) => row.said)?.said.match(/^[\u2212+]?([^\d\s\u2212+]+\s?)\d/)?.[1] ?? "";
  const signed = (value, unit = "") => `${value > 0 ? "+" : value < 0 ? "\u2212" : ""}${unit}${short(Math.abs(value))}`;

  function tooltip(look, rows) {
    return {
      trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow", shadowStyle: { color: look.line, opacity: 0.4 } },
      backgroundColor: look.surface, borderColor: look.line, textStyle: { ...look.text, color: look.ink },
      formatter: ([{ dataIndex }]) => {
        const row = rows[dataIndex];
        const parts = [`${row.name}: ${row.said}`];
        if (row.before !== null) parts.push(`(${row.saidBefore})`);
        if (row.share !== null) parts.push(`· ${Math.round(row.share * 1000) / 10}%`);
        return parts.join(" ");
      },
    };
  }

  const bar = (look, rows, value, color, more = {}) => ({
    type: "bar", barMaxWidth: 28, itemStyle: { color, borderRadius: 3 }, data: rows.map(value), cursor: "pointer", ...more,
  });

  // A line over the row that says what happened there.
  function marked(look, rows) {
    const row = rows.find((each) => each.mark);
    if (!row) return {};
    return { markLine: { silent: true, symbol: "none", lineStyle: { color: look.ink2, type: "dashed" }, label: { formatter: row.mark, color: look.ink2, align: rows.indexOf(row) > rows.length / 2 ? "right" : "left" }, data: [{ xAxis: row.name }] } };
  }

  function upright(look, rows, width) {
    const hasBefore = rows.some((row) => row.before);
    return {
      grid: { left: 8, right: 8, top: 24, bottom: 8, containLabel: true },
      xAxis: { type: "category", data: rows.map((row) => row.name), axisLabel: look.text, axisLine: { lineStyle: { color: look.line } }, axisTick: { show: false } },
      yAxis: { type: "value", min: 0, axisLabel: { ...look.text, formatter: short }, splitLine: { lineStyle: { color: look.line } } },
      series: [
        ...(hasBefore ? [bar(look, rows, (row) => row.before, look.grey)] : []),
        bar(look, rows, (row) => row.value, look.accent, { ...marked(look, rows), label: { show: width > 640, position: "top", ...look.text, formatter: ({ value }) => (value ? short(value) : "") } }),
      ],
    };
  }

  // Bars that hang where the one before ended: an invisible bar carries each.
  function falling(look, rows, width) {
    const tones = { total: look.accent, up: token("good"), down: token("wrong"), won: token("info") };
    const colored = (row) => ({ value: row.value, itemStyle: { color: tones[row.tone] ?? look.accent } });
    const isNarrow = width <= 640;
    const said = (row) => (!row.value ? "" : row.tone === "total" ? currency(rows) + short(row.value) : signed(row.tone === "up" ? row.value : -row.value, currency(rows)));
    return {
      grid: { left: 8, right: 8, top: 24, bottom: 8, containLabel: true },
      xAxis: { type: "category", data: rows.map((row) => row.name), axisLabel: { ...look.text, interval: 0, rotate: isNarrow ? 45 : 0 }, axisLine: { lineStyle: { color: look.line } }, axisTick: { show: false } },
      yAxis: { type: "value", min: 0, axisLabel: { ...look.text, formatter: short }, splitLine: { lineStyle: { color: look.line } } },
      series: [
        { type: "bar", stack: "fall", silent: true, itemStyle: { color: "transparent" }, data: rows.map((row) => row.floor) },
        bar(look, rows, colored, look.accent, { stack: "fall", barMaxWidth: 56, label: { show: !isNarrow, position: "top", ...look.text, formatter: ({ dataIndex }) => said(rows[dataIndex]) } }),
      ],
    };
  }

  function lying(look, rows, width) {
    const hasBefore = rows.some((row) => row.before);
    const label = ({ dataIndex }) => rows[dataIndex].said + (rows[dataIndex].share === null ? "" : `  ${Math.round(rows[dataIndex].share * 100)}%`);
    return {
      grid: { left: 8, right: 88, top: 8, bottom: 8, containLabel: true },
      xAxis: { type: "value", min: 0, axisLabel: { show: false }, splitLine: { show: false } },
      yAxis: { type: "category", inverse: true, data: rows.map((row) => row.name), axisLabel: { ...look.text, width: width > 480 ? 160 : 104, overflow: "truncate" }, axisLine: { lineStyle: { color: look.line } }, axisTick: { show: false } },
      series: [
        bar(look, rows, (row) => row.value, look.accent, { barMaxWidth: 18, label: { show: true, position: "right", ...look.text, formatter: label } }),
        ...(hasBefore ? [bar(look, rows, (row) => row.before, look.grey, { barMaxWidth: 6 })] : []),
      ],
    };
  }

  // Bars that go to both sides of nothing: more to the right, less to the left; both sides leave room for what they say.
  function apart(look, rows, width) {
    const [least, most] = [Math.min(0, ...rows.map((row) => row.value)), Math.max(0, ...rows.map((row) => row.value))];
    const room = ((most - least) * 72) / Math.max(96, width - 280);
    const colored = (row) => ({ value: row.value, itemStyle: { color: row.value < 0 ? token("wrong") : token("good") }, label: { position: row.value < 0 ? "left" : "right" } });
    return {
      grid: { left: 8, right: 8, top: 8, bottom: 8, containLabel: true },
      xAxis: { type: "value", min: least < 0 ? least - room : 0, max: most > 0 ? most + room : 0, axisLabel: { show: false }, splitLine: { show: false } },
      yAxis: { type: "category", inverse: true, data: rows.map((row) => row.name), axisLabel: { ...look.text, width: width > 480 ? 120 : 72, overflow: "truncate" }, axisLine: { onZero: false, lineStyle: { color: look.line } }, axisTick: { show: false } },
      series: [bar(look, rows, colored, look.accent, { barMaxWidth: 14, label: { show: true, ...look.text, formatter: ({ value }) => signed(value, currency(rows)) } })],
    };
  }

  // Two courses with the month of a change marked; what is unknown leaves a gap.
  function beforeAfter(look, rows, width, box) {
    const { start, startLabel, first, second } = box.dataset;
    const line = (name, value, color, type) => ({
      name, type: "line", data: rows.map(value), symbolSize: 5, lineStyle: { color, width: 2, type }, itemStyle: { color },
      endLabel: { show: width > 640, formatter: name, ...look.text, color }, labelLayout: { moveOverlap: "shiftY" },
    });
    const mark = start === "" ? {} : { markLine: { symbol: "none", silent: true, data: [{ xAxis: Number(start) }], lineStyle: { color: look.ink2, type: "dashed" }, label: { formatter: startLabel, ...look.text } } };
    return {
      grid: { left: 8, right: width > 640 ? 96 : 12, top: 28, bottom: 8, containLabel: true },
      xAxis: { type: "category", data: rows.map((row) => row.name), axisLabel: look.text, axisLine: { lineStyle: { color: look.line } }, axisTick: { show: false } },
      yAxis: { type: "value", min: 0, axisLabel: { ...look.text, formatter: (value) => (box.dataset.unit === "ratio" ? `${Math.round(value * 100)}%` : short(value)) }, splitLine: { lineStyle: { color: look.line } } },
      series: [
        { ...line(first, (row) => row.value, look.accent, "solid"), ...mark },
        ...(rows.some((row) => row.before !== null) ? [line(second, (row) => row.before, look.grey, "solid")] : []),
      ],
    };
  }

  function tools(box, chart) {
    if (box.querySelector("[data-download]")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-quiet";
    button.dataset.download = "";
    button.textContent = "PNG";
    const title = box.querySelector("figcaption h2").textContent;
    button.setAttribute("aria-label", `${title} PNG`);
    button.addEventListener("click", () => {
      const link = document.createElement("a");
      link.download = `${title}.png`;
      link.href = chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: token("surface") });
      link.click();
    });
    box.querySelector("[data-chart-foot]").append(button);
  }

  function draw(box, animated) {
    const rows = read(box);
    const canvas = box.querySelector("[data-canvas]");
    if (!rows.length || !canvas || !window.echarts) return;
    canvas.hidden = false;
    const standing = { months: upright, waterfall: falling, "before-after": beforeAfter }[box.dataset.chart];
    const high = box.dataset.chart === "apart" ? 22 : 34;
    canvas.style.blockSize = standing ? "" : `${Math.max(120, rows.length * high + 24)}px`;
    if (box.dataset.chart !== "waterfall") box.querySelector("[data-chart-table]").open = false;
    const look = theme();
    const chart = window.echarts.init(canvas, null, { renderer: "canvas" });
    const options = (standing ?? (box.dataset.chart === "apart" ? apart : lying))(look, rows, canvas.clientWidth, box);
    chart.setOption({ ...options, tooltip: tooltip(look, rows), animation: animated && !isReduced.matches, animationDuration: 300, textStyle: look.text });
    chart.on("click", ({ dataIndex }) => { if (rows[dataIndex].url) location.href = rows[dataIndex].url; });
    open.add(chart);
    tools(box, chart);
  }

  function drawAll(root, animated) {
    for (const chart of open) {
      if (!document.contains(chart.getDom()) || root === document) {
        chart.dispose();
        open.delete(chart);
      }
    }
    $$("[data-chart]", root).forEach((box) => draw(box, animated));
  }

  // What somebody has opened stays open when the figures come anew.
  let opened = [];
  const states = (root) => $$("details", root).map((each) => each.open);
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target?.matches?.("[data-figures]")) opened = states(detail.target);
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    const figures = document.querySelector("[data-figures]");
    if (!figures || !detail.elt?.matches?.("[data-figures]")) return;
    drawAll(figures, false);
    $$("details", figures).forEach((each, place) => { if (opened[place] !== undefined) each.open = opened[place]; });
  });

  document.addEventListener("change", ({ target }) => target.closest("[data-pickers]")?.requestSubmit());
  addEventListener("resize", () => open.forEach((chart) => chart.resize()));
  new MutationObserver(() => drawAll(document, false)).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  const start = () => {
    document.documentElement.classList.add("has-script");
    drawAll(document, true);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
