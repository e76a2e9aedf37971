// Strongly connected components of a graph, callees before callers.

/** Components in callees-first order (each a list of nodes). Tarjan's algorithm without recursion. */
export function components(count: number, successors: (node: number) => readonly number[]): number[][] {
  const index = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const onStack = new Uint8Array(count);
  const open: number[] = [];
  const found: number[][] = [];
  let counter = 0;
  const path: number[] = [];
  const at: number[] = [];
  const lists: (readonly number[])[] = [];
  const enter = (node: number): void => {
    index[node] = low[node] = counter++;
    open.push(node);
    onStack[node] = 1;
    path.push(node);
    at.push(0);
    lists.push(successors(node));
  };
  const leave = (node: number): void => {
    path.pop();
    at.pop();
    lists.pop();
    const parent = path[path.length - 1];
    if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!);
    if (low[node] === index[node]) found.push(popComponent(open, onStack, node));
  };
  for (let root = 0; root < count; root++) {
    if (index[root] !== -1) continue;
    enter(root);
    while (path.length > 0) {
      const node = path[path.length - 1]!;
      const to = lists[lists.length - 1]![at[at.length - 1]!++];
      if (to === undefined) leave(node);
      else if (index[to] === -1) enter(to);
      else if (onStack[to]) low[node] = Math.min(low[node]!, index[to]!);
    }
  }
  return found;
}

function popComponent(open: number[], onStack: Uint8Array, root: number): number[] {
  const members: number[] = [];
  let node: number;
  do {
    node = open.pop()!;
    onStack[node] = 0;
    members.push(node);
  } while (node !== root);
  return members.reverse();
}
