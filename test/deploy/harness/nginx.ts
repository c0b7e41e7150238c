import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillLines } from '../../harness/cluster/fill-lines.ts';
import { ensureProgram } from '../../harness/ensure-program.ts';
import { KeptProgram } from '../../harness/kept-program.ts';

const documented = (name: string): string => fileURLToPath(new URL(`../../../deploy/cdn/${name}`, import.meta.url));

/** A real nginx with one of the documented configurations, its addresses and files those of this machine. */
export class Nginx extends KeptProgram {
  /**
   * The documented cache, before a relay.
   * @param port on 127.0.0.1
   * @param origin host and port of the relay, without TLS
   * @param cache an empty folder, for what it keeps
   */
  static async cacheBefore(origin: string, port: number, cache: string): Promise<Nginx> {
    const settings = await readFile(documented('nginx.conf'), 'utf8');
    return Nginx.#start(
      port,
      fillLines(settings, [
        [/^proxy_cache_path \S+/, `proxy_cache_path ${cache}`],
        [/^ {4}server relay\.example\.com:8443;$/, `    server ${origin};`],
        [/^ {8}proxy_pass https:/, '        proxy_pass http:'],
        [/^ {8}proxy_ssl_\w+ .*$/, null],
        ...withoutTls(port),
      ]),
    );
  }

  /**
   * The documented server of a folder.
   * @param root has the files in `prospect-live/`
   */
  static async serving(root: string, port: number): Promise<Nginx> {
    const settings = await readFile(documented('nginx-folder.conf'), 'utf8');
    return Nginx.#start(port, fillLines(settings, [[/^ {4}root .*$/, `    root ${root};`], ...withoutTls(port)]));
  }

  static async #start(port: number, settings: string): Promise<Nginx> {
    await ensureProgram('nginx', 'nginx');
    const folder = await mkdtemp(join(tmpdir(), 'prospect-nginx-'));
    const file = join(folder, 'nginx.conf');
    const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    );
    const whole = [
      // As whoever started it: the folders of this test are nobody else's.
      'master_process off;',
      'daemon off;',
      `pid ${folder}/pid;`,
      'error_log stderr;',
      'events {}',
      'http {',
      'access_log off;',
      ...places,
      settings,
      '}',
    ];
    await writeFile(file, whole.join('\n'));
    const answers = () =>
      fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      );
    const nginx = new Nginx({ command: 'nginx', args: ['-p', folder, '-c', file], folder, answers });
    await nginx.begin();
    return nginx;
  }
}

function withoutTls(port: number): [RegExp, string | null][] {
  return [
    [/^ {4}listen 443 ssl;$/, `    listen 127.0.0.1:${port};`],
    [/^ {4}ssl_certificate(?:_key)? .*$/, null],
  ];
}
