import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { which } from '../../setup/run.mjs';

/**
 * Checks a systemd unit: its sections and lines, and with systemd-analyze where it is installed. Programs need not be there.
 * @param {string} unit
 * @returns {string[]} problems
 */
export function checkUnit(unit) {
  const problems = ['Unit', 'Service', 'Install']
    .filter((section) => !unit.includes(`[${section}]`))
    .map((section) => `no [${section}]`);
  for (const line of unit.split('\n'))
    if (!/^(?:|[#;].*|\[\w+\]|[A-Z]\w+=.*)$/.test(line)) problems.push(`not a line of a unit: ${line}`);
  if (which('systemd-analyze') === null) return problems;
  return inFolder((folder) => {
    const file = join(folder, 'sample.service');
    writeFileSync(file, unit.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`));
    const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    // Other units of this machine may have faults of their own.
    const own = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('sample.service'));
    return [...problems, ...own];
  });
}

/**
 * Checks a server block of nginx: its braces and ends of lines, and with `nginx -t` where it is installed.
 * @param {string} config
 * @returns {string[]} problems
 */
export function checkNginx(config) {
  const lines = config.split('\n').map((line) => line.replace(/#.*$/, '').trim());
  const problems = lines
    .filter((line) => line && !/[{};]$/.test(line))
    .map((line) => `does not end with ; or a brace: ${line}`);
  const count = (sign) => config.split(sign).length;
  if (count('{') !== count('}')) problems.push('its braces do not match');
  if (problems.length > 0 || which('nginx') === null) return problems;
  return inFolder((folder) => {
    const [cert, key] = ['cert.pem', 'key.pem'].map((name) => join(folder, name));
    const request = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      '/CN=sample',
      '-days',
      '2',
      '-keyout',
      key,
      '-out',
      cert,
    ];
    spawnSync('openssl', request, { stdio: 'ignore' });
    const own = config
      .replace(/(ssl_certificate) .*;/, `$1 ${cert};`)
      .replace(/(ssl_certificate_key) .*;/, `$1 ${key};`);
    // Its own places for temporary files are root's.
    const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((one) => `${one}_temp_path ${folder}/${one};`)
      .join('\n');
    const whole = `pid ${folder}/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${places}\n${own}\n}\n`;
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, whole);
    const { status, stderr } = spawnSync('nginx', ['-t', '-p', folder, '-c', file], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    return status === 0 ? [] : [stderr.trim()];
  });
}

/**
 * Checks coturn's settings: one `name` or `name=value` a line, and where coturn is installed that it knows each name.
 * @param {string} config
 * @returns {string[]} problems
 */
export function checkCoturn(config) {
  const lines = config.split('\n').filter((line) => line.trim() && !line.startsWith('#'));
  const names = lines.map((line) => /^([a-z][a-z-]*)(?:=\S+)?$/.exec(line)?.[1] ?? null);
  const problems = lines.filter((_, index) => names[index] === null).map((line) => `not a setting: ${line}`);
  if (which('turnserver') === null) return problems;
  const { stdout, stderr } = spawnSync('turnserver', ['--help'], { encoding: 'utf8', timeout: 30_000 });
  const help = `${stdout}${stderr}`;
  return [
    ...problems,
    ...names.filter((name) => name && !help.includes(`--${name}`)).map((name) => `coturn has no setting ${name}`),
  ];
}

/**
 * Checks Prometheus rules as far as it goes without Prometheus: indentation, and that the metrics exist.
 * @param {string} rules
 * @param {string[]} metrics
 * @returns {string[]} problems
 */
export function checkAlerts(rules, metrics) {
  const lines = rules.split('\n').filter((line) => line.trim());
  const bad = lines
    .filter((line) => !/^(?: {2})*(?:- )?[\w-]+:(?: .+)?$/.test(line))
    .map((line) => `not a line of YAML: ${line}`);
  const used = [...rules.matchAll(/\bprospect_relay_\w+/g)].map(([name]) => name);
  if (used.length === 0) bad.push('no metric of the relay');
  return [...bad, ...used.filter((name) => !metrics.includes(name)).map((name) => `there is no metric ${name}`)];
}

function inFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'prospect-operations-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
