/**
 * A plugin for the manifest analyzer: leaves out what is no host's business (private, protected, `@internal` and Lit's own
 * members, modules that declare no element) and sorts modules, so that the file changes only when the public face does.
 */
export function publicMembersOnly() {
  return {
    name: 'public-members-only',
    analyzePhase({ ts, node, moduleDoc }) {
      if (!ts.isClassDeclaration(node) || !node.name) return;
      const declaration = moduleDoc.declarations?.find(({ name }) => name === node.name.text);
      if (!declaration?.members) return;
      const internal = new Set(
        node.members.filter((member) => isInternal(ts, member)).map((member) => member.name?.getText()),
      );
      declaration.members = declaration.members.filter(({ name }) => !internal.has(name));
    },
    packageLinkPhase({ customElementsManifest }) {
      for (const { declarations } of customElementsManifest.modules) {
        for (const declaration of declarations ?? []) {
          declaration.members = declaration.members?.filter(isPublic);
          declaration.events = declaration.events && withoutDoubles(declaration.events);
        }
      }
      customElementsManifest.modules = customElementsManifest.modules
        .filter(({ declarations }) => declarations?.some(({ customElement }) => customElement))
        .sort((a, b) => a.path.localeCompare(b.path));
    },
  };
}

/** The analyzer also lists the class in each `dispatchEvent(new ...)`; the doc comment, where it names that class, says more. */
function withoutDoubles(events) {
  const documented = new Set(events.filter(({ name }) => name).map(({ type }) => type?.text));
  return events.filter(({ name, type }) => name || !documented.has(type?.text));
}

/** Static members that Lit reads; a host sees their effect as attributes and styles. */
const LIT_STATICS = new Set(['properties', 'styles', 'shadowRootOptions', 'observedAttributes']);

function isPublic({ name, privacy, static: isStatic, inheritedFrom }) {
  const hidden = privacy === 'private' || privacy === 'protected' || name.startsWith('#');
  return !hidden && !inheritedFrom && !(isStatic && LIT_STATICS.has(name));
}

/** Marked `@internal`, or an override of a method that the platform or Lit calls. */
function isInternal(ts, member) {
  const tags = ts.getJSDocTags(member).map((tag) => tag.tagName.text);
  const overrides = member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.OverrideKeyword);
  return tags.includes('internal') || Boolean(overrides);
}
