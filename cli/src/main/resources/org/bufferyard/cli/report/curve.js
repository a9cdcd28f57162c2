'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const COLORS = 8;
  const DASHES = ['solid', [7, 3], [2, 3], [10, 3, 2, 3]];
  const EXACT = 'lru, exact';
  const COLUMNS_MAX = 12;

  const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const plain = (value, digits) => value.toLocaleString('en-US', {maximumFractionDigits: digits});
  const bytes = value => {
    const unit = Math.max(0, Math.min(SIZES.length - 1, Math.floor(Math.log2(Math.max(value, 1)) / 10)));
    return `${plain(value / 2 ** (10 * unit), unit ? 1 : 0)} ${SIZES[unit]}`;
  };
  const capacity = value => (data.unit === 'bytes' ? bytes(value) : plain(value, 0));
  const percent = ratio => (100 * ratio).toFixed(2);

  // Names come from class paths and files, so they only ever become text.
  const at = id => document.getElementById(id);
  const add = (parent, tag, value, name) => {
    const element = parent.appendChild(document.createElement(tag));
    if (value !== undefined) element.textContent = value;
    if (name) element.className = name;
    return element;
  };

  const views = [
    {key: 'missRatio', title: 'Miss ratio', of: 'requests that found their object absent'},
    {key: 'byteMissRatio', title: 'Byte miss ratio', of: 'requested bytes that were absent'},
  ].filter(({key}) => Object.values(data[key]).some(line => line.some(value => value !== null)));
  const same = data.policies.filter(name => !name.startsWith('bound-'))
    .every(name => String(data.missRatio[name]) === String(data.byteMissRatio[name]));
  const shown = same ? views.slice(0, 1) : views;
  let view = shown[0];

  const lines = () => data.policies.filter(policy => data[view.key][policy].some(value => value !== null));
  const look = policy => {
    const i = data.policies.indexOf(policy);
    const bound = policy.startsWith('bound-');
    return {
      color: bound ? css('--soft') : css(`--c${i % COLORS}`),
      type: bound ? [1, 4] : DASHES[Math.floor(i / COLORS) % DASHES.length],
      width: bound ? 3 : 2,
    };
  };
  const label = extra => ({color: css('--soft'), fontSize: 12, ...extra});
  const axis = (name, extra) => ({
    name, nameLocation: 'middle', nameTextStyle: label(), axisLine: {lineStyle: {color: css('--line')}},
    splitLine: {lineStyle: {color: css('--line')}}, axisLabel: label(), ...extra,
  });
  const tooltip = extra => ({
    backgroundColor: css('--card'), borderColor: css('--line'), textStyle: {color: css('--text'), fontSize: 12.5},
    confine: true, ...extra,
  });
  const legend = names => ({
    type: 'plain', data: names, left: 0, right: 0, top: 0, itemWidth: 30, itemHeight: 8,
    textStyle: {color: css('--text'), fontSize: 12}, inactiveColor: css('--line'),
  });
  const legendHeight = names => 26 * Math.ceil(names.reduce((sum, name) => sum + name.length * 7 + 52, 0) / (at('curves').clientWidth - 20)) + 14;

  /** One line a policy over capacities on a logarithmic axis. */
  function curves() {
    const names = lines();
    const exact = view.key === 'missRatio' && data.lru.length > 0 && names.includes('lru');
    const all = exact ? [...names, EXACT] : names;
    const top = legendHeight(all);
    const series = names.map(policy => {
      const {color, type, width} = look(policy);
      return {
        name: policy, type: 'line', symbol: 'circle', symbolSize: 4, showSymbol: data.capacities.length < 40,
        lineStyle: {color, type, width}, itemStyle: {color}, connectNulls: false,
        emphasis: {focus: 'series', lineStyle: {width: width + 1.5}},
        data: data.capacities.map((x, i) => [x, data[view.key][policy][i]]),
      };
    });
    if (exact) {
      const {color} = look('lru');
      series.push({
        name: EXACT, type: 'line', step: 'end', showSymbol: false, silent: true, z: 1,
        lineStyle: {color, width: 7, opacity: 0.28}, itemStyle: {color, opacity: 0.4}, data: data.lru,
      });
    }
    return {
      animation: false, aria: {enabled: true}, legend: legend(all),
      grid: {left: 64, right: 28, top, bottom: 62},
      tooltip: tooltip({
        trigger: 'item',
        formatter: ({seriesName, value}) => `${echarts.format.encodeHTML(seriesName)}<br>${capacity(value[0])}: ${percent(value[1])} %`,
      }),
      xAxis: axis(`capacity, ${data.unit}, logarithmic`, {
        type: 'log', nameGap: 34, min: data.capacities[0], max: data.capacities[data.capacities.length - 1],
        axisLabel: label({formatter: capacity, hideOverlap: true}),
      }),
      yAxis: axis(`${view.title.toLowerCase()}, %`, {
        type: 'value', nameGap: 44, scale: true, axisLabel: label({formatter: value => plain(100 * value, 1)}),
      }),
      series,
    };
  }

  /** One capacity is no curve: the policies side by side, the best on top. */
  function bars() {
    const names = lines().sort((a, b) => data[view.key][b][0] - data[view.key][a][0]);
    return {
      animation: false, aria: {enabled: true},
      grid: {left: 150, right: 70, top: 10, bottom: 56},
      tooltip: tooltip({trigger: 'item', formatter: ({name, value}) => `${echarts.format.encodeHTML(name)}: ${percent(value)} %`}),
      xAxis: axis(`${view.title.toLowerCase()} at ${capacity(data.capacities[0])} ${data.unit === 'bytes' ? '' : 'objects'}, %`, {
        type: 'value', nameGap: 32, axisLabel: label({formatter: value => plain(100 * value, 1)}),
      }),
      yAxis: axis('', {type: 'category', data: names, axisLabel: label({color: css('--text'), interval: 0}), splitLine: {show: false}}),
      series: [{
        type: 'bar', barMaxWidth: 18,
        data: names.map(name => ({value: data[view.key][name][0], itemStyle: {color: look(name).color}})),
        label: {show: true, position: 'right', color: css('--text'), fontSize: 12, formatter: ({value}) => percent(value)},
      }],
    };
  }

  /** At most a dozen capacities fit; the best policy of each is marked. */
  function figures() {
    const table = at('figures');
    table.replaceChildren();
    const every = Math.ceil(data.capacities.length / COLUMNS_MAX);
    const columns = data.capacities.map((_, i) => i).filter(i => i % every === 0 || i === data.capacities.length - 1);
    const policies = lines();
    const best = columns.map(i => Math.min(...policies.filter(name => !name.startsWith('bound-'))
      .map(name => data[view.key][name][i])));
    const head = add(table, 'tr');
    add(head, 'th', `policy at ${data.unit}`);
    columns.forEach(i => add(head, 'th', capacity(data.capacities[i])));
    policies.forEach(name => {
      const row = add(table, 'tr');
      add(row, 'td', name);
      columns.forEach((i, column) => {
        const ratio = data[view.key][name][i];
        add(row, 'td', ratio === null ? '' : percent(ratio), ratio === best[column] ? 'best' : '');
      });
    });
  }

  const chart = echarts.init(at('curves'), null, {renderer: 'svg'});
  function draw() {
    at('what').textContent = view.title;
    at('caption').textContent = `Share of ${view.of}. Click a name to hide its line, rest on a line to lift it out.`;
    [...at('choice').children].forEach((button, i) => button.setAttribute('aria-pressed', String(shown[i] === view)));
    const single = data.capacities.length === 1;
    const height = single ? Math.max(260, 26 * lines().length + 80) : 560 + legendHeight(lines());
    at('curves').style.height = `${height}px`;
    chart.resize();
    chart.setOption(single ? bars() : curves(), true);
    figures();
  }
  document.title = `${data.trace}: miss-ratio curves`;
  at('trace').textContent = data.trace;
  at('description').textContent = data.description;
  if (shown.length > 1) {
    shown.forEach(each => {
      const button = add(at('choice'), 'button', each.title);
      button.addEventListener('click', () => { view = each; draw(); });
    });
  }
  draw();
  window.addEventListener('resize', () => { chart.resize(); draw(); });
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
})();
