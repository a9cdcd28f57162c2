'use strict';
(() => {
  const run = JSON.parse(document.getElementById('run').textContent);
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const COLORS = 8;
  const EVICTORS_MAX = 20;
  const BINS_MAX = 100;
  const DEVICES_MAX = 32;

  // Figures with their units.
  const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const unitOf = max => Math.max(0, Math.min(SIZES.length - 1, Math.floor(Math.log2(Math.max(max, 1)) / 10)));
  const inUnit = (bytes, unit) => bytes / 2 ** (10 * unit);
  const digits = value => (value !== 0 && Math.abs(value) < 10 ? 2 : value < 100 ? 1 : 0);
  const plain = (value, fraction) =>
    value.toLocaleString('en-US', {maximumFractionDigits: fraction === undefined ? digits(value) : fraction});
  const size = bytes => {
    const unit = unitOf(bytes);
    return `${plain(inUnit(bytes, unit))} ${SIZES[unit]}`;
  };
  const TIMES = [[1e9, 's'], [1e6, 'ms'], [1e3, 'µs'], [1, 'ns']];
  const time = nanos => {
    const [factor, unit] = TIMES.find(([factor]) => nanos >= factor) || TIMES[3];
    return `${plain(nanos / factor)} ${unit}`;
  };
  const count = value => plain(value, 0);
  const seconds = value => `${plain(value, 3)} s`;
  const sum = values => Object.values(values).reduce((a, b) => a + b, 0);

  // Elements. Names come from scenario files and traces, so they only ever become text.
  const at = id => document.getElementById(id);
  const text = (id, value) => { at(id).textContent = value; };
  const add = (parent, tag, value, name) => {
    const element = parent.appendChild(document.createElement(tag));
    if (value !== undefined) element.textContent = value;
    if (name) element.className = name;
    return element;
  };
  const table = (id, head, rows) => {
    const body = at(id);
    [head, ...rows].forEach((cells, i) => {
      const row = add(body, 'tr');
      cells.forEach(cell => add(row, i === 0 ? 'th' : 'td', cell));
    });
  };

  function head() {
    const clean = run.violations.length === 0;
    const mode = run.mode === 'deterministic' ? 'deterministic' : 'on real dispatchers';
    document.title = `${run.scenario}: Bufferyard report`;
    text('scenario', run.scenario);
    text('description', run.description);
    text('facts', [
      `policy ${run.policy}`, `seed ${run.seed}`, mode, `contents ${run.contents}`,
      `${count(run.devices)} devices`, `${count(run.buffers)} buffers`,
      `${seconds(run.virtualSeconds)} of model time in ${seconds(run.wallSeconds)}`,
      ...(run.eventHash ? [`hash ${run.eventHash}`] : []),
    ].join(' · '));
    text('verdict', clean ? '✓ clean: 0 violations' : `✗ ${count(run.violations.length)} violations`);
    at('verdict').className = clean ? 'clean' : 'violated';
    text('replay-says', run.mode === 'deterministic' ? 'Run this again:' : 'The same workload, deterministically:');
    text('replay', run.replay);
    text('moves-caption', movesCaption());
  }

  function tiles() {
    const tile = (value, name) => {
      const box = add(at('tiles'), 'div', undefined, 'tile');
      add(box, 'b', value);
      add(box, 'span', name);
    };
    tile(count(sum(run.requests)), 'requests');
    tile(count(sum(run.refused)), 'refused');
    tile(count(run.jobs), 'jobs');
    tile(time(run.stallNanos.p99), 'stall, 99th percentile');
    tile(count(run.evictions), 'evictions');
    tile(count(run.refaults), 're-faults');
    tile(count(run.pingPongs), 'ping-pongs');
    tile(size(sum(run.bytesMoved)), 'moved');
    tile(count(run.verifiedPages), 'pages verified');
    tile(count(run.eventsPerSecond), 'events per second');
  }

  // Only where a run is about them: some device goes neither straight nor through an IOMMU.
  function uses() {
    const plain = use => ['iommu', 'direct'].includes(use.path) && use.hook === 'none' && use.attached === use.device;
    if (run.deviceUse.length <= DEVICES_MAX && !run.deviceUse.every(plain)) {
      at('paths-section').hidden = false;
      table('paths', ['device', 'path', 'hook', 'importer', 'jobs', 'refused', 'read', 'written', 'copied'],
        run.deviceUse.map(use => [
          use.device, use.attached === use.device ? use.path : `${use.path} of ${use.attached}`, use.hook, use.importer,
          count(use.jobs), count(use.jobsRefused), size(use.readBytes), size(use.writtenBytes), size(use.copiedBytes),
        ]));
    }
    if (run.sides.length > 0) {
      at('sides-section').hidden = false;
      const row = (name, value) => [name, ...run.sides.map(value)];
      table('sides', row('', side => side.name), [
        row('memory held, mean', side => size(side.heldMeanBytes)),
        row('memory held, peak', side => size(side.heldPeakBytes)),
        row('of it pinned, mean', side => size(side.pinnedMeanBytes)),
        row('bytes moved', side => size(side.movedBytes)),
        row('frames', side => count(side.frames)),
        row('frames dropped', side => count(side.framesDropped)),
        row('jobs refused', side => count(side.jobsRefused)),
        row('stall p99', side => time(side.stallP99Nanos)),
      ]);
    }
  }

  const mean = values => (values.length ? values.reduce((a, b) => a + b, 0) / values.length : 0);

  /** Why buffers moved, and what it was good for. */
  function causes() {
    const {evictions, useless, clients, waitNanos, returnNanos} = run.causes;
    at('causes-section').hidden = evictions.length === 0 && useless.length === 0;
    const fates = [...new Set(evictions.map(each => each.fate))].sort();
    table('fates', ['then', 'evictions', 'bytes', 'after, mean', 'cost, mean'], fates.map(fate => {
      const some = evictions.filter(each => each.fate === fate);
      return [fate, count(some.length), size(mean(some.map(each => each.sizeBytes)) * some.length), time(mean(some.map(each => each.afterNanos))),
        fate === 'came-back' ? time(mean(some.map(each => each.costNanos))) : '–'];
    }));
    table('payers', ['client', 'for victims to leave', 'for what was evicted to return'], clients.map((client, i) =>
      [client, time(waitNanos[i] || 0), time(returnNanos.reduce((total, row) => total + row[i], 0))]));
    table('useless', ['whose, and why', 'link', 'moves', 'bytes'], useless.map(each =>
      [`${each.owner}, ${each.why}`, each.link, count(each.count), size(each.bytes)]));
    at('shadows-section').hidden = run.shadows.length === 0;
    table('shadows', ['policy', 'uses', 'missed', 'bytes', 'evicted', 'bytes'], run.shadows.map(each =>
      [each.policy, count(each.uses), count(each.misses), size(each.missBytes), count(each.evictions), size(each.evictedBytes)]));
  }

  function details() {
    table('requests', ['kind', 'requests'], [
      ...Object.entries(run.requests).map(([kind, n]) => [kind, count(n)]),
      ['replies', count(run.replies)],
      ...Object.entries(run.refused).map(([errno, n]) => [`refused ${errno}`, count(n)]),
    ]);
    table('residency', ['region', 'mean', 'peak', 'capacity'],
      Object.entries(run.residency).map(([region, bytes]) =>
        [region, size(bytes.meanBytes), size(bytes.peakBytes), size(bytes.capacityBytes)]));
    table('links', ['link', 'moved'], Object.entries(run.bytesMoved).map(([link, n]) => [link, size(n)]));
    for (const violation of run.violations) {
      const article = add(at('violations').querySelector('div'), 'article');
      const where = violation.buffer ? `, buffer ${violation.buffer}` : '';
      add(article, 'b', `${violation.rule} at ${seconds(violation.atSeconds)}${where}`);
      add(article, 'p', violation.text);
      if (violation.history.length) add(article, 'pre', violation.history.join('\n'));
    }
    run.notes.forEach(note => add(at('notes').querySelector('ul'), 'li', note));
    at('violations').hidden = run.violations.length === 0;
    at('notes').hidden = run.notes.length === 0;
  }

  // Charts.
  const color = i => css(`--c${i % COLORS}`);
  const label = extra => ({color: css('--soft'), fontSize: 12, ...extra});
  const axis = (name, extra) => ({
    name, nameTextStyle: label(), axisLabel: label(), axisTick: {show: false},
    axisLine: {lineStyle: {color: css('--line')}},
    splitLine: {lineStyle: {color: css('--line')}}, ...extra,
  });
  const timeAxis = extra => axis('model time, s', {
    type: 'value', min: 0, max: lastSecond(), nameLocation: 'middle', nameGap: 28,
    splitLine: {show: false}, axisLabel: label({formatter: value => plain(value, 3)}), ...extra,
  });
  const tooltip = extra => ({
    trigger: 'axis', confine: true, backgroundColor: css('--card'), borderColor: css('--line'),
    textStyle: {color: css('--text'), fontSize: 13}, ...extra,
  });
  const legend = extra => ({
    type: 'scroll', top: 0, right: 0, icon: 'roundRect', itemWidth: 14, itemHeight: 8,
    textStyle: label({color: css('--text')}), pageTextStyle: label(),
    pageIconColor: css('--text'), pageIconInactiveColor: css('--line'), ...extra,
  });
  const base = extra => ({animation: false, aria: {enabled: true}, ...extra});
  const last = rows => (rows.length ? rows[rows.length - 1][0] : 0);
  const lastSecond = () => Math.ceil(Math.max(last(run.occupancy), last(run.moves)) * 100) / 100;

  /** One pane per region, each up to its capacity: regions of unlike sizes stay legible. */
  function occupancy() {
    const paneHeight = 92;
    const gap = 22;
    const top = 34;
    const capacity = i => (run.residency[run.regions[i]] || {capacityBytes: 0}).capacityBytes;
    const height = top + run.regions.length * (paneHeight + gap) + 32;
    const panes = run.regions.map((region, i) => ({region, i, unit: unitOf(capacity(i))}));
    return {
      height,
      option: base({
        color: panes.map(({i}) => color(i)),
        legend: legend({data: run.regions}),
        tooltip: tooltip(),
        axisPointer: {link: [{xAxisIndex: 'all'}]},
        grid: panes.map(({i}) => ({left: 96, right: 24, top: top + i * (paneHeight + gap), height: paneHeight})),
        xAxis: panes.map(({i}) => timeAxis({
          gridIndex: i, ...(i + 1 < panes.length ? {name: '', axisLabel: {show: false}} : {}),
        })),
        yAxis: panes.map(({region, i, unit}) => axis(`${region}, ${SIZES[unit]}`, {
          gridIndex: i, type: 'value', min: 0, max: inUnit(capacity(i), unit) * 1.3, splitLine: {show: false},
          nameLocation: 'middle', nameGap: 56, nameTextStyle: label({color: css('--text')}),
          interval: inUnit(capacity(i), unit) / 2,
          axisLabel: label({showMaxLabel: false, formatter: value => plain(value)}),
        })),
        series: panes.map(({region, i, unit}) => ({
          name: region, type: 'line', step: 'end', showSymbol: false, xAxisIndex: i, yAxisIndex: i,
          lineStyle: {width: 1.8}, areaStyle: {opacity: 0.18}, sampling: 'lttb',
          data: run.occupancy.map(row => [row[0], inUnit(row[i + 1], unit)]),
          tooltip: {valueFormatter: value => `${plain(value)} of ${size(capacity(i))}`},
          markLine: {
            silent: true, symbol: 'none', lineStyle: {color: color(i), type: 'dashed', width: 1.4},
            label: {
              position: 'insideStartTop', distance: [6, 3], formatter: `capacity ${size(capacity(i))}`,
              color: css('--soft'), fontSize: 11,
            },
            data: [{yAxis: inUnit(capacity(i), unit)}],
          },
        })),
      }),
    };
  }

  /** Neighbouring bins are added up until a bar is wide enough to be seen. */
  function wideBins() {
    const join = Math.max(1, Math.ceil(run.moves.length / BINS_MAX));
    const bins = [];
    run.moves.forEach(([end, ...bytes], i) => {
      if (i % join === 0) bins.push([end, ...bytes.map(() => 0)]);
      const bin = bins[bins.length - 1];
      bin[0] = end;
      bytes.forEach((n, link) => { bin[link + 1] += n; });
    });
    return bins;
  }
  const bins = wideBins();
  const binSeconds = bins.length > 1 ? bins[1][0] - bins[0][0] : last(bins);
  const movesCaption = () => `Bytes moved over each link, every ${seconds(binSeconds)} of model time.`;

  function moves() {
    const used = run.links.map((link, i) => ({link, i}))
      .filter(({i}) => bins.some(row => row[i + 1] > 0));
    if (used.length === 0) return null;
    const unit = unitOf(Math.max(...bins.map(row => row.slice(1).reduce((a, b) => a + b, 0))));
    return {
      height: 320,
      option: base({
        color: used.map((_, i) => color(i)),
        legend: legend({data: used.map(({link}) => link)}),
        tooltip: tooltip({
          axisPointer: {type: 'line', label: {formatter: ({value}) => seconds(value / 1000)}},
          valueFormatter: value => `${plain(value)} ${SIZES[unit]}`,
        }),
        grid: {left: 96, right: 24, top: 34, bottom: 48},
        // Of two value axes ECharts would stack along the first; a time axis it leaves alone, but
        // labels in calendar steps: the bars stand on a hidden one, the labels on a plain one.
        useUTC: true,
        xAxis: [timeAxis({type: 'time', max: lastSecond() * 1000, show: false}), timeAxis({position: 'bottom'})],
        yAxis: axis(`${SIZES[unit]} per ${seconds(binSeconds)}`, {type: 'value', nameLocation: 'middle', nameGap: 56}),
        series: used.map(({link, i}) => ({
          name: link, type: 'bar', stack: 'moves', barWidth: Math.max(2, 0.8 * (at('moves').clientWidth - 120) / bins.length),
          data: bins.map(row => [(row[0] - binSeconds / 2) * 1000, inUnit(row[i + 1], unit)]),
        })),
      }),
    };
  }

  /** Percentiles on a scale of nines, times on a logarithmic one; 0 stands on the lowest line. */
  function stalls() {
    const inner = run.stallPoints.filter(([percentile]) => percentile < 100);
    if (inner.length === 0 || run.stallNanos.max === 0) return null;
    const nines = percentile => -Math.log10(1 - percentile / 100);
    const waited = run.stallPoints.map(([, nanos]) => nanos).filter(nanos => nanos > 0);
    const floor = 10 ** Math.floor(Math.log10(Math.min(...waited)) - 0.01);
    const end = Math.max(3, ...inner.map(([percentile]) => nines(percentile)));
    const y = nanos => Math.max(nanos, floor);
    const x = percentile => (percentile >= 100 ? end : nines(percentile));
    const points = run.stallPoints.map(([percentile, nanos]) => [x(percentile), y(nanos), percentile, nanos]);
    // The curve only rises: above and to the left of a point, below and to the right, there is room.
    const above = {position: 'top', align: 'right'};
    const p50 = {position: run.stallNanos.p50 > 0 ? 'bottom' : 'top', align: 'left'};
    const marks = [[50, run.stallNanos.p50, 'p50', p50], [99, run.stallNanos.p99, 'p99', above],
      [99.9, run.stallNanos.p999, 'p99.9', {position: 'bottom'}], [100, run.stallNanos.max, 'max', above]];
    const ticks = new Map([[0, '0'], [nines(50), '50'], [1, '90'], [2, '99'], [3, '99.9'], [4, '99.99'], [5, '99.999']]);
    return {
      height: 360,
      option: base({
        color: [color(0), color(1)],
        legend: legend({data: ['stall', 'named percentiles']}),
        tooltip: tooltip({
          trigger: 'item',
          formatter: ({value}) => `${plain(value[2], 4)} % waited ${time(value[3])} or less`,
        }),
        grid: {left: 78, right: 46, top: 40, bottom: 48},
        xAxis: axis('percentile of jobs, %', {
          type: 'value', min: 0, max: end, interval: 1, nameLocation: 'middle', nameGap: 28,
          axisLabel: label({formatter: value => ticks.get(Math.round(value * 1e6) / 1e6) || ''}),
        }),
        yAxis: axis('stall, logarithmic', {
          type: 'log', min: floor, nameLocation: 'middle', nameGap: 58,
          axisLabel: label({formatter: value => (value <= floor ? '0' : time(value))}),
        }),
        series: [
          {name: 'stall', type: 'line', step: 'end', data: points, symbolSize: 4, showSymbol: false,
            lineStyle: {width: 2}, areaStyle: {opacity: 0.12, origin: 'start'}},
          {name: 'named percentiles', type: 'scatter', symbolSize: 10, z: 5,
            data: marks.map(([percentile, nanos, name, label]) =>
              ({name, value: [x(percentile), y(nanos), percentile, nanos], label})),
            label: {
              show: true, distance: 8, color: css('--text'), fontSize: 12,
              formatter: ({name, value}) => `${name} ${time(value[3])}`,
            }},
        ],
      }),
    };
  }

  function evictors() {
    const {clients, bytes} = run.evictors;
    const weight = i => bytes[i].reduce((a, b) => a + b, 0) + bytes.reduce((a, row) => a + row[i], 0);
    const shown = clients.map((_, i) => i).filter(i => weight(i) > 0)
      .sort((a, b) => weight(b) - weight(a)).slice(0, EVICTORS_MAX).sort((a, b) => a - b);
    if (shown.length === 0) return null;
    const cells = shown.flatMap((by, row) => shown.map((of, column) => [column, row, bytes[by][of]]));
    const max = Math.max(...cells.map(cell => cell[2]));
    const unit = unitOf(max);
    const name = i => clients[i];
    const rotated = shown.length > 6;
    const labels = label({width: 96, overflow: 'truncate', color: css('--text')});
    const encode = echarts.format.encodeHTML;
    return {
      height: 360,
      option: base({
        tooltip: tooltip({
          trigger: 'item',
          formatter: ({value}) => encode(`${name(shown[value[1]])} evicted ${size(value[2])} of ${name(shown[value[0]])}`),
        }),
        grid: {left: 128, right: 92, top: 30, bottom: rotated ? 104 : 58},
        xAxis: axis('evicted', {
          type: 'category', data: shown.map(name), nameLocation: 'middle', nameGap: rotated ? 82 : 36, splitLine: {show: false},
          axisLabel: {...labels, rotate: rotated ? 45 : 0},
        }),
        yAxis: axis('evicted by', {
          type: 'category', data: shown.map(name), inverse: true, nameLocation: 'start', splitLine: {show: false},
          axisLabel: labels,
        }),
        visualMap: {
          min: 0, max: inUnit(max, unit), right: 0, top: 'center', calculable: false, itemHeight: 150, itemWidth: 14,
          text: [`${plain(inUnit(max, unit))} ${SIZES[unit]}`, '0'], textStyle: label(),
          inRange: {color: [css('--heat0'), css('--heat1'), css('--heat2')]}, dimension: 3,
        },
        series: [{
          type: 'heatmap',
          data: cells.map(([x, y, n]) =>
            ({value: [x, y, n, inUnit(n, unit)], label: {color: css(n > max * 0.6 ? '--on-heat2' : '--text')}})),
          itemStyle: {borderColor: css('--card'), borderWidth: 2, borderRadius: 3},
          label: {
            show: shown.length <= 8, fontSize: 12,
            formatter: ({value}) => (value[2] > 0 ? size(value[2]) : ''),
          },
        }],
      }),
    };
  }

  const CHARTS = {occupancy, moves, stalls, evictors};
  const EMPTY = {
    occupancy: 'No samples.', moves: 'Nothing moved.',
    stalls: 'No job waited.', evictors: 'Nothing was evicted.',
  };
  const drawn = [];

  function draw() {
    drawn.splice(0).forEach(chart => chart.dispose());
    for (const [id, make] of Object.entries(CHARTS)) {
      const box = at(id);
      const chart = make();
      if (chart === null) {
        box.className = 'empty';
        box.textContent = EMPTY[id];
        continue;
      }
      box.style.height = `${chart.height}px`;
      const instance = echarts.init(box, null, {renderer: 'canvas'});
      instance.setOption(chart.option);
      drawn.push(instance);
    }
  }

  head();
  tiles();
  uses();
  causes();
  details();
  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  addEventListener('resize', draw);
})();
