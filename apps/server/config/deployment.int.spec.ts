import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { configFrom } from '../../demo/config.ts';
import { readConfig } from './config.ts';

interface ComposeService {
  readonly build?: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly network_mode?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

/** `${NAME:-default}` as a shell without the variable reads it. */
const withDefaults = (text: string) => text.replace(/\$\{\w+:-([^}]*)\}/g, '$1');

const compose = parse(withDefaults(readFileSync('docker-compose.yml', 'utf8')), { strict: true }) as {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const { gatebook, demo } = compose.services as Record<'gatebook' | 'demo', ComposeService>;
const dockerfile = readFileSync('Dockerfile', 'utf8');

describe('The deployment on EventStoreDB and PostgreSQL', () => {
  it('gives the service settings that it takes', () => {
    const config = readConfig(gatebook.environment);
    expect([config.production, config.logUrl, config.tablesUrl]).toEqual([
      false,
      'esdb://eventstoredb:2113?tls=false',
      'postgres://gatebook:gatebook-on-loopback@postgres:5432/gatebook',
    ]);
  });

  it('gives the demo product the key whose digest the service knows, and the addresses that the service knows it by', () => {
    const { gatebook: service, url } = configFrom(demo.environment);
    const digest = createHash('sha256').update(service.productKey).digest('hex');
    expect(readConfig(gatebook.environment)).toMatchObject({
      keySha256: { product: digest },
      publicUrl: service.url,
      product: { id: service.productId, url },
    });
  });

  it('opens ports on loopback only', () => {
    const ports = Object.values(compose.services).flatMap(({ ports: opened = [] }) => opened);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(ports.map((port) => port.split(':')[2])).toEqual(['4000', '4100', '2113', '5432']);
  });

  it('mounts files that there are, and volumes that it declares', () => {
    const sources = Object.values(compose.services)
      .flatMap(({ volumes = [] }) => volumes)
      .map((volume) => volume.split(':')[0] ?? '');
    expect(
      sources.filter((source) => !(source.startsWith('.') ? existsSync(source) : source in compose.volumes)),
    ).toEqual([]);
  });

  it('starts each part when what it needs is healthy, by checks that there are', () => {
    for (const { depends_on: needs = {} } of Object.values(compose.services)) {
      for (const [name, { condition }] of Object.entries(needs)) {
        expect(condition).toBe('service_healthy');
        const needed = compose.services[name];
        expect(needed?.healthcheck !== undefined || (needed?.build === '.' && /^HEALTHCHECK /m.test(dockerfile))).toBe(
          true,
        );
      }
    }
  });
});

describe('The container image', () => {
  it('copies what there is, and starts what the build makes', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) =>
      files.split(' '),
    );
    expect(copied.filter((file) => !existsSync(file))).toEqual([]);
    const started = [
      ...dockerfile.matchAll(/dist\/(\S+)\.js/g),
      ...(demo.command ?? []).join(' ').matchAll(/dist\/(\S+)\.js/g),
    ];
    expect(started.map(([, file]) => file)).toEqual(['apps/server/main', 'apps/demo/main']);
    for (const [, file] of started) expect(existsSync(`${file}.ts`)).toBe(true);
  });

  it('runs as a user without rights, on settings that are refused unless they are safe', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    const [, environment = ''] = /^ENV ((?:.*\\\n)*.*)$/m.exec(dockerfile) ?? [];
    const set = Object.fromEntries([...environment.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
    expect(set['NODE_ENV']).toBe('production');
    expect(() => readConfig(set)).toThrow('Not safe in production');
    expect(readConfig({ ...set, NODE_ENV: 'development' })).toMatchObject({
      host: '0.0.0.0',
      port: 4000,
      dataDirectory: '/data',
    });
  });
});
