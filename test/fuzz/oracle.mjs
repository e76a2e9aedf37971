// Functions whose interrupt levels are known: generated with locks, branches, loops, early returns and conditions that are tested twice,
// and run by a small interpreter along every path. It tells for every wait whether it is at a raised level always, sometimes or never.
// Every function gives back each lock and level on every way out.

/** A function as text, one statement per line, with the lines of its waits: line -> 'always' | 'sometimes' | 'never'. */
export function levelProgram(pick, name) {
  const flags = 1 + pick(2);
  let depth = 0;
  let questions = 0;
  const block = (size) => Array.from({ length: 1 + pick(size) }, () => statement());
  function statement() {
    const kind = depth > 3 ? pick(4) : pick(11);
    depth++;
    try {
      switch (kind) {
        case 0: case 1: return { k: 'wait' };
        case 2: return { k: 'other' };
        case 3: return { k: 'leave', question: questions++ };
        case 4: case 5: return { k: 'locked', lock: depth, body: block(3) };
        case 6: return { k: 'if', question: questions++, then: block(2), else: pick(2) ? block(2) : [] };
        case 7: return { k: 'flag', flag: pick(flags), then: block(2), else: pick(2) ? block(2) : [] };
        case 8: return { k: 'choice', question: questions++, arms: [block(2), block(2), block(1)] };
        case 9: return { k: 'flaglocked', flag: pick(flags), lock: depth, body: block(2) };
        default: return { k: 'loop', question: questions++, body: block(2) };
      }
    } finally {
      depth--;
    }
  }
  const body = block(5);
  const lines = [];
  const put = (text) => lines.push(text);
  put(`VOID ${name}(PKSPIN_LOCK Locks, PLARGE_INTEGER t${Array.from({ length: flags }, (_, i) => `, BOOLEAN f${i}`).join('')})`);
  put('{');
  put('    KIRQL old[8]; KIRQL o1, o2, o3, o4, o5; ULONG n = 0;');
  /** Locks held where a statement stands, innermost last. */
  const held = [];
  const release = ({ lock, flag }) => put(`${flag === undefined ? '' : `if (f${flag}) `}{ KeReleaseSpinLock(&Locks[${lock}], o${lock}); }`);
  const inside = (s, body) => {
    held.push(s);
    print(body);
    held.pop();
  };
  const print = (list) => list.forEach((s) => {
    const { lock } = s;
    if (s.k === 'wait') {
      s.line = lines.length;
      put('KeDelayExecutionThread(KernelMode, FALSE, t);');
    } else if (s.k === 'other') put('n++;');
    else if (s.k === 'leave') {
      put(`if (Ask${s.question}()) {`);
      for (const h of [...held].reverse()) release(h);
      put('return; }');
    } else if (s.k === 'choice') {
      put(`switch (Ask${s.question}()) {`);
      s.arms.forEach((arm, i) => {
        put(i === s.arms.length - 1 ? 'default:' : `case ${i + 3}:`);
        print(arm);
        put('break;');
      });
      put('}');
    } else if (s.k === 'locked') {
      put(`KeAcquireSpinLock(&Locks[${lock}], &o${lock});`);
      inside(s, s.body);
      put(`KeReleaseSpinLock(&Locks[${lock}], o${lock});`);
    } else if (s.k === 'if' || s.k === 'flag') {
      put(s.k === 'if' ? `if (Ask${s.question}()) {` : `if (f${s.flag}) {`);
      print(s.then);
      if (s.else.length > 0) {
        put('} else {');
        print(s.else);
      }
      put('}');
    } else if (s.k === 'flaglocked') {
      put(`if (f${s.flag}) { KeAcquireSpinLock(&Locks[${lock}], &o${lock}); }`);
      inside(s, s.body);
      put(`if (f${s.flag}) { KeReleaseSpinLock(&Locks[${lock}], o${lock}); }`);
    } else {
      put(`while (Ask${s.question}()) {`);
      print(s.body);
      put('}');
    }
  });
  print(body);
  put('}');

  const seen = new Map();
  const see = (line, raised) => {
    const entry = seen.get(line) ?? { raised: false, low: false };
    if (raised) entry.raised = true;
    else entry.low = true;
    seen.set(line, entry);
  };
  const run = (list, level, given) => {
    for (const s of list) {
      switch (s.k) {
        case 'wait': see(s.line, level > 1); break;
        case 'locked': run(s.body, 2, given); break;
        case 'if': run(s.then, level, given); run(s.else, level, given); break;
        case 'flag': run(given[s.flag] ? s.then : s.else, level, given); break;
        case 'flaglocked': run(s.body, given[s.flag] ? 2 : level, given); break;
        case 'choice': for (const arm of s.arms) run(arm, level, given); break;
        case 'loop': run(s.body, level, given); break;
        default: break;
      }
    }
  };
  // Every construct gives back the level it found, so that answers of questions are independent of each other.
  for (let bits = 0; bits < 1 << flags; bits++) run(body, 0, Array.from({ length: flags }, (_, i) => (bits >> i & 1) === 1));
  const waits = new Map([...seen].map(([line, s]) => [line, s.raised && s.low ? 'sometimes' : s.raised ? 'always' : 'never']));
  return { text: lines, waits, questions };
}
