/**
 * Walks a syntax tree (ESTree, as Rollup parses it) from the outside in.
 * @param {unknown} node
 * @param {(node: any) => unknown} callback false: do not go into this node
 */
export function visitSyntax(node, callback) {
  if (Array.isArray(node)) {
    for (const item of node) visitSyntax(item, callback);
  } else if (node !== null && typeof node === 'object') {
    if ('type' in node && callback(node) === false) return;
    for (const value of Object.values(node)) visitSyntax(value, callback);
  }
}
