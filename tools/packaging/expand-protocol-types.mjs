// `node tools/packaging/expand-protocol-types.mjs JSON`: prints the named types of relay/protocol as a declaration. JSON is a list
// of [module, names]. The compiler itself says what each type comes to.
import { API, NodeBuilderFlags } from 'typescript/unstable/sync';
import { inRoot, root } from '../setup/paths.mjs';

const FORMAT =
  NodeBuilderFlags.NoTruncation |
  NodeBuilderFlags.InTypeAlias |
  NodeBuilderFlags.MultilineObjectLiterals |
  NodeBuilderFlags.UseSingleQuotesForStringLiteralType;

/** @type {[string, string[]][]} */
const names = JSON.parse(process.argv[2] ?? '[]');
const api = new API({ cwd: root });
try {
  const config = inRoot('widgets', 'tsconfig.build.json');
  const project = api.updateSnapshot({ openProject: config }).getProject(config);
  if (!project) throw new Error(`TypeScript does not open ${config}.`);
  const { checker, program } = project;
  const declarations = names.flatMap(([file, wanted]) => {
    const source = program.getSourceFile(inRoot('relay', 'protocol', file));
    const module = source && checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`relay/protocol/${file} is no part of the widgets' program.`);
    return wanted.map((name) => {
      const symbol = checker.getMemberInModuleExports(module, name);
      if (!symbol) throw new Error(`relay/protocol/${file} has no ${name}.`);
      const text = checker.typeToString(checker.getDeclaredTypeOfSymbol(symbol), undefined, FORMAT);
      const doc = checker.getDocumentationCommentOfSymbol(symbol);
      return `${doc && `/** ${doc} */\n`}export type ${name} = ${text};\n`;
    });
  });
  process.stdout.write(
    `/** What the public types take from the protocol between the widgets and the relay. */\n\n${declarations.sort().join('\n')}`,
  );
} finally {
  api.close();
}
