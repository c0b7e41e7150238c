import { posix } from 'node:path';
import { API, NodeBuilderFlags } from 'typescript/unstable/sync';
import { inRoot, root } from '../setup/paths.mjs';

const FORMAT =
  NodeBuilderFlags.NoTruncation |
  NodeBuilderFlags.InTypeAlias |
  NodeBuilderFlags.MultilineObjectLiterals |
  NodeBuilderFlags.UseSingleQuotesForStringLiteralType;

/** How a declaration of the widgets takes types from the protocol. */
const PROTOCOL_IMPORT = /import type \{([^}]*)\} from '(?:\.\.\/)+relay\/protocol\/([\w-]+\.ts)';/g;

/**
 * What the declarations take from the relay's protocol.
 * @param {string[]} texts of declarations
 * @returns {Map<string, Set<string>>} names by module of relay/protocol
 */
export function protocolNames(texts) {
  const byModule = new Map();
  for (const [, names, file] of texts.flatMap((text) => [...text.matchAll(PROTOCOL_IMPORT)])) {
    const known = byModule.get(file) ?? new Set();
    byModule.set(file, known);
    for (const name of names.split(',').map((part) => part.trim())) if (name) known.add(name);
  }
  return byModule;
}

/**
 * A declaration whose protocol types come from a module of the package itself.
 * @param {string} file its path in the package
 * @param {string} text
 * @param {string} own the path of that module
 */
export function withOwnProtocol(file, text, own) {
  const path = posix.relative(posix.dirname(file), own);
  return text.replace(PROTOCOL_IMPORT, (_, names) => `import type {${names}} from '${path.replace(/^(?!\.)/, './')}';`);
}

/**
 * The protocol's types written out, as a declaration that needs neither the relay nor zod, from whose schemas they are inferred.
 * The compiler itself says what each comes to.
 * @param {Map<string, Set<string>>} names by module of relay/protocol
 * @returns {string}
 */
export function expandProtocolTypes(names) {
  const api = new API({ cwd: root });
  try {
    const config = inRoot('widgets', 'tsconfig.build.json');
    const project = api.updateSnapshot({ openProject: config }).getProject(config);
    if (!project) throw new Error(`TypeScript does not open ${config}.`);
    const { checker, program } = project;
    const declarations = [...names].flatMap(([file, wanted]) => {
      const source = program.getSourceFile(inRoot('relay', 'protocol', file));
      const module = source && checker.getSymbolAtLocation(source);
      if (!module) throw new Error(`relay/protocol/${file} is no part of the widgets' program.`);
      return [...wanted].map((name) => {
        const symbol = checker.getMemberInModuleExports(module, name);
        if (!symbol) throw new Error(`relay/protocol/${file} has no ${name}.`);
        const text = checker.typeToString(checker.getDeclaredTypeOfSymbol(symbol), undefined, FORMAT);
        const doc = checker.getDocumentationCommentOfSymbol(symbol);
        return `${doc && `/** ${doc} */\n`}export type ${name} = ${text};\n`;
      });
    });
    return `/** What the public types take from the protocol between the widgets and the relay. */\n\n${declarations.sort().join('\n')}`;
  } finally {
    api.close();
  }
}
