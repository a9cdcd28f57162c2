'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const COLORS = 8;
  const DASHES = ['solid', [7, 3], [2, 3], [10, 3, 2, 3]];
  const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const TIMES = [[1e9, 's'], [1e6, 'ms'], [1e3, 'µs'], [1, 'ns']];
  const MARKS = {better: '+', worse: '−', 'no difference': '=', 'too few': '?', 'not comparable': ''};
  const WORDS = {better: 'better', worse: 'worse', 'no difference': 'no difference', 'too few': 'too few seeds to tell', 'not comparable': 'not comparable'};
  const POINTS_MAX = 80;
  // What a reader looks for first; everything else is a click away in figure 1, and in the JSON.
  const COLUMNS = ['stall-p99', 'stall-p999', 'moved', 'refaulted', 'ping-pong', 'useless', 'refused', 'refused-feasible', 'protection', 'slowdown', 'fairness', 'slowdown-alone', 'regret', 'use-residency', 'recovery'];

  const plain = (value, digits) => value.toLocaleString('en-US', {maximumFractionDigits: digits});
  const significant = value => plain(value, value !== 0 && Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);
  const bytes = value => {
    const unit = Math.max(0, Math.min(SIZES.length - 1, Math.floor(Math.log2(Math.max(value, 1)) / 10)));
    return `${significant(value / 2 ** (10 * unit))} ${SIZES[unit]}`;
  };
  const nanos = value => {
    if (!value) return '0';
    const [factor, unit] = TIMES.find(([factor]) => value >= factor) || TIMES[3];
    return `${significant(value / factor)} ${unit}`;
  };
  const WRITERS = {
    nanos, bytes, count: value => plain(value, 1), share: value => `${plain(100 * value, 1)} %`, factor: value => plain(value, 3),
  };
  const write = (metric, value) => (value === null ? '–' : WRITERS[data.metrics[metric].unit](value));

  // Names come from class paths and files, so they only ever become text.
  const at = id => document.getElementById(id);
  const text = (id, value) => { at(id).textContent = value; };
  const add = (parent, tag, value, name) => {
    const element = parent.appendChild(document.createElement(tag));
    if (value !== undefined) element.textContent = value;
    if (name) element.className = name;
    return element;
  };

  const policies = data.policies;
  const names = Object.keys(data.metrics);
  let metric = data.rankedBy;
  let size = 0;
  let series = 'moves';
  let blame = 'evicted';

  const resultAt = (where, policy) => data.results[where * policies.length + policy];
  const figure = (name, policy, where = size) => resultAt(where, policy)[name];
  const verdicts = (name, where = size) => data.pairs.find(pair => pair.metric === name && pair.vram === data.vram[where]).verdicts;
  const against = policies.indexOf(data.against);
  const order = () => policies.map((_, i) => i).sort((a, b) => {
    const [x, y] = [figure(metric, a).mean, figure(metric, b).mean];
    if (x === null || y === null) return (x === null) - (y === null);
    return data.metrics[metric].lowerIsBetter ? x - y : y - x;
  });
  const color = policy => css(`--c${policy % COLORS}`);

  function head() {
    text('description', data.description);
    const seeds = data.seeds.length;
    text('facts', [
      `${policies.length} policies`, seeds === 1 ? 'one seed: no interval and no verdict is possible' : `${seeds} seeds, the same for all`,
      data.vram.length > 1 ? `${data.vram.length} sizes of ${data.region}` : `${data.region} ${data.vram[0]}`, `${plain(data.wallSeconds, 1)} s`,
    ].join(' · '));
    text('verdict', data.violations ? `✗ ${data.violations} violations` : '✓ clean: 0 violations');
    at('verdict').className = data.violations ? 'violated' : 'clean';
    text('replay', data.runs[0].replay);
    text('setup', `${policies.length} policies ran the same workload${seeds > 1 ? `, drawn from the same ${seeds} seeds,` : ''} on the deterministic yard: ${data.runs.length * seeds} runs in pairs that differ in the policy alone. ${seeds > 1 ? 'Intervals are the 95 % percentile bootstrap of the mean; a difference is called one where the interval of the mean paired difference leaves out zero and an exact sign-flip test agrees at 5 %.' : ''}`);
  }

  /** What the ranking says in a sentence. */
  function outcome() {
    const ranked = order();
    const best = ranked[0];
    const row = verdicts(metric)[best];
    const beaten = policies.filter((_, other) => other !== best && row[other] === 'better');
    const even = policies.filter((_, other) => other !== best && row[other] === 'no difference');
    if (figure(metric, best).mean === null) {
      text('outcome', `No run has a figure for ${data.metrics[metric].title}.`);
      return;
    }
    const list = some => (some.length === policies.length - 1 ? 'all others' : some.join(', '));
    text('outcome', `By ${data.metrics[metric].title} at ${data.region} ${data.vram[size]}, ${policies[best]} has the best mean, ${write(metric, figure(metric, best).mean)}`
      + `${beaten.length ? `; it is better than ${list(beaten)}` : ''}${even.length ? `${beaten.length ? ', and' : '; it is'} not different from ${list(even)}` : ''}. The last, ${policies[ranked[ranked.length - 1]]}, has ${write(metric, figure(metric, ranked[ranked.length - 1]).mean)}.`);
  }

  function choices(id, items, chosen, choose) {
    const box = at(id);
    box.replaceChildren();
    box.hidden = items.length < 2;
    items.forEach(([key, title]) => {
      const button = add(box, 'button', title);
      button.setAttribute('aria-pressed', String(key === chosen));
      button.addEventListener('click', () => { choose(key); draw(); });
    });
  }

  function ranking() {
    text('ranking-title', `Table 1. Ranked by ${data.metrics[metric].title}, ${data.region} ${data.vram[size]}`);
    text('ranking-caption', `Mean over the seeds with half of its 95 % interval; coloured where it is better or worse than ${data.against} on the same seeds. Point at a column's head for what it is; figure 1 draws the others too.`);
    const table = at('ranking');
    table.replaceChildren();
    const columns = [metric, ...COLUMNS.filter(name => name !== metric && names.includes(name))].filter(name => policies.some((_, i) => figure(name, i).mean));
    const row = add(table, 'tr');
    add(row, 'th', 'policy');
    columns.forEach(name => { add(row, 'th', data.metrics[name].title).title = data.metrics[name].meaning; });
    order().forEach(policy => {
      const line = add(table, 'tr');
      add(line, 'td', policies[policy]);
      columns.forEach(name => {
        const {mean, low, high} = figure(name, policy);
        const verdict = verdicts(name)[policy][against];
        const cell = add(line, 'td', write(name, mean), verdict);
        if (low !== null && mean) add(cell, 'small', `±${plain(50 * (high - low) / Math.abs(mean), 0)} %`);
        cell.title = policy === against ? '' : `${WORDS[verdict]}, against ${data.against}`;
      });
    });
  }

  const label = extra => ({color: css('--soft'), fontSize: 12, ...extra});
  const axis = (name, extra) => ({
    name, nameLocation: 'middle', nameTextStyle: label(), axisLine: {lineStyle: {color: css('--line')}}, axisTick: {show: false},
    splitLine: {lineStyle: {color: css('--line')}}, axisLabel: label(), ...extra,
  });
  const tooltip = extra => ({
    backgroundColor: css('--card'), borderColor: css('--line'), textStyle: {color: css('--text'), fontSize: 12.5}, confine: true, ...extra,
  });
  const valueAxis = extra => axis(data.metrics[metric].title, {
    type: 'value', scale: true, splitNumber: 5, axisLabel: label({formatter: value => write(metric, value), hideOverlap: true}), ...extra,
  });
  const range = ({mean, low, high}) => (low === null ? write(metric, mean) : `${write(metric, mean)}, 95 % ${write(metric, low)} to ${write(metric, high)}`);

  /** A whisker each, the best on top. */
  function whiskers() {
    const shown = order().reverse().filter(policy => figure(metric, policy).mean !== null);
    const ends = shown.flatMap(policy => [figure(metric, policy).low, figure(metric, policy).high]).filter(value => value !== null);
    const whisker = (params, api) => {
      const [low, high] = [api.coord([api.value(0), api.value(2)]), api.coord([api.value(1), api.value(2)])];
      return {type: 'line', shape: {x1: low[0], y1: low[1], x2: high[0], y2: high[1]}, style: {stroke: color(shown[api.value(2)]), lineWidth: 3, opacity: 0.45}};
    };
    return {
      animation: false, aria: {enabled: true}, grid: {left: 150, right: 40, top: 12, bottom: 52},
      tooltip: tooltip({trigger: 'item', formatter: ({dataIndex}) => `${echarts.format.encodeHTML(policies[shown[dataIndex]])}: ${range(figure(metric, shown[dataIndex]))}`}),
      xAxis: valueAxis({nameGap: 32, min: ({min}) => Math.min(min, ...ends), max: ({max}) => Math.max(max, ...ends), axisLabel: label({formatter: value => write(metric, value), hideOverlap: true, showMinLabel: false, showMaxLabel: false})}),
      yAxis: axis('', {type: 'category', data: shown.map(policy => policies[policy]), axisLabel: label({color: css('--text'), interval: 0})}),
      series: [
        {type: 'custom', renderItem: whisker, data: shown.map((policy, i) => {
          const {mean, low, high} = figure(metric, policy);
          return [low === null ? mean : low, high === null ? mean : high, i];
        })},
        {type: 'scatter', symbolSize: 11, data: shown.map((policy, i) => ({value: [figure(metric, policy).mean, i], itemStyle: {color: color(policy)}}))},
      ],
    };
  }

  /** A line each over the sizes. */
  function lines() {
    return {
      animation: false, aria: {enabled: true}, grid: {left: 84, right: 28, top: 44, bottom: 52},
      legend: {type: 'scroll', top: 0, textStyle: {color: css('--text'), fontSize: 12}, itemWidth: 28, pageTextStyle: {color: css('--soft')}},
      tooltip: tooltip({trigger: 'item', formatter: ({seriesIndex, dataIndex}) => `${echarts.format.encodeHTML(`${policies[seriesIndex]} at ${data.vram[dataIndex]}`)}<br>${range(figure(metric, seriesIndex, dataIndex))}`}),
      xAxis: axis(data.region, {type: 'category', data: data.vram, nameGap: 32, axisLabel: label({interval: 0})}),
      yAxis: valueAxis({nameGap: 66}),
      series: policies.map((name, policy) => ({
        name, type: 'line', symbol: 'circle', symbolSize: 7, itemStyle: {color: color(policy)},
        lineStyle: {color: color(policy), type: DASHES[Math.floor(policy / COLORS) % DASHES.length], width: 2}, emphasis: {focus: 'series'},
        data: data.vram.map((_, where) => figure(metric, policy, where).mean),
      })),
    };
  }

  function intervals() {
    const curve = data.vram.length > 1;
    text('metric-title', `Figure 1. ${data.metrics[metric].title}${curve ? ` over the size of ${data.region}` : ''}`);
    text('metric-caption', `${data.metrics[metric].meaning}; ${data.metrics[metric].lowerIsBetter ? 'less' : 'more'} is better. ${curve ? 'Means over the seeds.' : 'Mean and its 95 % interval.'}`);
    at('intervals').style.height = curve ? '380px' : `${Math.max(180, 30 * policies.length + 80)}px`;
    const chart = chartAt('intervals');
    chart.resize();
    chart.setOption(curve ? lines() : whiskers(), true);
  }

  function pairs() {
    text('pairs-title', `Table 2. Each policy against each, by ${data.metrics[metric].title}`);
    const count = policies.length * (policies.length - 1) / 2;
    text('pairs-caption', `Is the row better (+), worse (−) or not different (=) from the column, seed by seed? A pair differs where the bootstrap interval of the mean difference leaves out zero and an exact sign-flip test agrees at 5 %. ${count > 1 ? `Nothing is corrected for the ${count} pairs looked at: by luck alone about ${plain(0.05 * count, 1)} may differ.` : ''}`);
    const table = at('pairs');
    table.replaceChildren();
    const ranked = order();
    const row = add(table, 'tr');
    add(row, 'th', '');
    ranked.forEach(policy => add(row, 'th', policies[policy]));
    ranked.forEach(policy => {
      const line = add(table, 'tr');
      add(line, 'td', policies[policy]);
      ranked.forEach(other => {
        const verdict = verdicts(metric)[policy][other];
        const cell = add(line, 'td', policy === other ? '' : MARKS[verdict], policy === other ? '' : verdict);
        cell.title = policy === other ? '' : `${policies[policy]} against ${policies[other]}: ${WORDS[verdict]}`;
      });
    });
  }

  // Small multiples, one a policy; a chart knows its element by number.
  const charts = new Map();
  const chartAt = id => {
    if (!charts.has(id)) charts.set(id, echarts.init(at(id), null, {renderer: 'svg'}));
    return charts.get(id);
  };
  function multiples(box, height, option) {
    const ids = [];
    if (!at(box).children.length) {
      policies.forEach((_, i) => {
        const cell = add(at(box), 'div');
        add(cell, 'b');
        add(cell, 'div', undefined, `small ${height}`).id = `${box}-${i}`;
      });
    }
    order().forEach((policy, i) => {
      at(box).children[i].firstChild.textContent = policies[policy];
      chartAt(`${box}-${i}`).setOption(option(policy), true);
      ids.push(`${box}-${i}`);
    });
    return ids;
  }

  const runOf = policy => data.runs[size * policies.length + policy];
  const thinned = moves => {
    const every = Math.ceil(moves.length / POINTS_MAX);
    const bins = [];
    moves.forEach(([second, moved], i) => {
      if (i % every === 0) bins.push([second, 0]);
      bins[bins.length - 1][1] += moved;
    });
    return bins;
  };

  const SERIES = {
    moves: {title: 'bytes moved', write: bytes, caption: 'Bytes moved over all links', of: run => thinned(run.moves)},
    stalls: {title: 'mean stall', write: nanos, caption: 'Mean stall of the jobs that ended', of: run => run.stalls},
  };

  /** Where a phase of the workload begins. */
  const phaseLines = ({phases}) => ({
    silent: true, symbol: 'none', lineStyle: {color: css('--soft'), type: [2, 3], width: 1, opacity: 0.7},
    label: {show: false}, data: phases.slice(1).map(([, second]) => ({xAxis: second})),
  });

  function overTime() {
    const {title, write: written, caption, of} = SERIES[series];
    const {phases} = data.runs[0];
    text('time-title', `Figure 2. Over time: ${title}`);
    text('time-caption', `${caption}, on seed ${data.seeds[0]} at ${data.region} ${data.vram[size]}, all policies on one scale.${phases.length > 1 ? ` Dotted: a phase begins (${phases.map(([name]) => name).slice(0, 6).join(', ')}${phases.length > 6 ? ', …' : ''}).` : ''}`);
    const bins = policies.map((_, policy) => of(runOf(policy)));
    const max = Math.max(1, ...bins.flat().map(([, value]) => value));
    multiples('time', '', policy => ({
      animation: false, aria: {enabled: true}, grid: {left: 66, right: 10, top: 8, bottom: 24},
      tooltip: tooltip({trigger: 'axis', formatter: ([{value}]) => `${plain(value[0], 2)} s: ${written(value[1])}`}),
      xAxis: axis('', {type: 'value', splitLine: {show: false}, max: 'dataMax', axisLabel: label({formatter: value => `${plain(value, 2)} s`, hideOverlap: true, showMaxLabel: false})}),
      yAxis: axis('', {type: 'value', max, splitNumber: 2, axisLabel: label({formatter: written, hideOverlap: true, showMaxLabel: false})}),
      series: [{
        type: 'line', step: 'start', showSymbol: false, areaStyle: {opacity: 0.25}, lineStyle: {width: 1.2}, color: color(policy), data: bins[policy],
        markLine: phaseLines(runOf(policy)),
      }],
    }));
  }

  const BLAMES = {
    evicted: {
      title: 'who evicted whom', button: 'bytes evicted', write: bytes, of: run => run.evicted, across: 'evicted', down: 'evicted by',
      caption: 'Bytes over all seeds: demands of the row evicted buffers of the column.', says: (by, of) => `${by} evicted ${of}`,
    },
    returns: {
      title: 'who paid for whose evictions', button: 'time paid', write: nanos, of: run => run.returns, across: 'paid by', down: 'evicted by',
      caption: 'Over all seeds, the time that the column waited for buffers to come back that demands of the row had evicted.', says: (by, of) => `${of} waited for what ${by} had evicted`,
    },
  };

  function evictors() {
    const {title, write: written, of, across, down, caption, says} = BLAMES[blame];
    text('blame-title', `Figure 3. ${title[0].toUpperCase()}${title.slice(1)}, ${data.region} ${data.vram[size]}`);
    text('blame-caption', `${caption} One scale for all policies.`);
    const max = Math.max(1, ...policies.flatMap((_, policy) => of(runOf(policy)).flat()));
    multiples('evictors', 'matrix', policy => {
      const {clients} = runOf(policy);
      const cells = of(runOf(policy)).flatMap((row, y) => row.map((value, x) => ({
        value: [x, y, value], label: {color: css(value > 0.6 * max ? '--on-heat2' : '--text')},
      })));
      const names = label({interval: 0, overflow: 'truncate', width: 74, fontSize: 11});
      return {
        animation: false, aria: {enabled: true}, grid: {left: 98, right: 8, top: 6, bottom: 62},
        tooltip: tooltip({trigger: 'item', formatter: ({value}) => `${echarts.format.encodeHTML(says(clients[value[1]], clients[value[0]]))}: ${written(value[2])}`}),
        xAxis: axis(across, {type: 'category', data: clients, nameGap: 44, splitLine: {show: false}, axisLabel: {...names, rotate: 30}}),
        yAxis: axis(down, {type: 'category', data: clients, inverse: true, nameGap: 82, splitLine: {show: false}, axisLabel: names}),
        visualMap: {show: false, min: 0, max, inRange: {color: [css('--heat0'), css('--heat1'), css('--heat2')]}},
        series: [{
          type: 'heatmap', data: cells, itemStyle: {borderColor: css('--card'), borderWidth: 1},
          label: {show: clients.length <= 5, fontSize: 10, formatter: ({value}) => (value[2] ? written(value[2]) : '')},
        }],
      };
    });
  }

  function linkTable() {
    text('links-title', `Table 3. Bytes moved by link, ${data.region} ${data.vram[size]}`);
    const links = [...new Set(policies.flatMap((_, policy) => Object.keys(resultAt(size, policy).movedByLink)))].sort();
    const table = at('links');
    table.replaceChildren();
    const row = add(table, 'tr');
    add(row, 'th', 'policy');
    links.forEach(link => add(row, 'th', link.replace('->', ' → ')));
    order().forEach(policy => {
      const line = add(table, 'tr');
      add(line, 'td', policies[policy]);
      links.forEach(link => {
        const moved = resultAt(size, policy).movedByLink[link];
        add(line, 'td', moved ? bytes(moved) : '–');
      });
    });
  }

  function uselessTable() {
    text('useless-title', `Table 4. Useless moves, ${data.region} ${data.vram[size]}`);
    const table = at('useless');
    table.replaceChildren();
    const row = add(table, 'tr');
    ['policy', 'whose', 'why', 'link', 'moves', 'bytes'].forEach(name => add(row, 'th', name));
    order().forEach(policy => {
      const some = runOf(policy).useless;
      (some.length ? some : [['–', '', '', 0, 0]]).forEach(([owner, why, link, count, moved], i) => {
        const line = add(table, 'tr', undefined, i ? 'more' : 'first');
        add(line, 'td', i ? '' : policies[policy]);
        [owner, why, link.replace('->', ' → '), plain(count, 0), bytes(moved)].forEach(cell => add(line, 'td', cell));
      });
    });
  }

  /** Only of a workload that is a pattern. */
  function touches() {
    at('touches-section').hidden = data.touches.length === 0;
    if (!data.touches.length) return;
    let first = 0;
    const series = data.touches.map(({client, points}, i) => {
      const base = first;
      first += 1 + Math.max(0, ...points.map(([, buffer]) => buffer));
      return {name: client, type: 'scatter', symbolSize: 3.5, itemStyle: {color: color(i)}, data: points.map(([second, buffer]) => [second, base + buffer])};
    });
    chartAt('touches').setOption({
      animation: false, aria: {enabled: true}, grid: {left: 56, right: 20, top: 34, bottom: 48},
      legend: {top: 0, textStyle: {color: css('--text'), fontSize: 12}, data: data.touches.map(({client}) => client)},
      tooltip: tooltip({trigger: 'item', formatter: ({seriesName, value}) => `${echarts.format.encodeHTML(seriesName)} at ${plain(value[0], 3)} s`}),
      xAxis: axis('model time, s', {type: 'value', nameGap: 30, splitLine: {show: false}}),
      yAxis: axis('buffer', {type: 'value', nameGap: 36, minInterval: 1}),
      series,
    }, true);
  }

  function draw() {
    touches();
    choices('sizes', data.vram.map((name, i) => [i, name]), size, chosen => { size = chosen; });
    choices('metrics', names.map(name => [name, data.metrics[name].title]), metric, chosen => { metric = chosen; });
    choices('series', Object.keys(SERIES).map(key => [key, SERIES[key].title]), series, chosen => { series = chosen; });
    choices('blames', Object.keys(BLAMES).map(key => [key, BLAMES[key].button]), blame, chosen => { blame = chosen; });
    outcome();
    ranking();
    intervals();
    pairs();
    overTime();
    evictors();
    linkTable();
    uselessTable();
  }

  head();
  draw();
  window.addEventListener('resize', () => { charts.forEach(chart => chart.resize()); });
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
})();
