import { join } from 'node:path';

export interface DemoConfig {
  /** Address to listen on. */
  readonly host: string;
  readonly port: number;
  /** Where browsers find the demo; its redirect addresses begin with it. */
  readonly url: string;
  readonly dataDirectory: string;
  /** File of the people: the service's built-in sign-in reads the same one. */
  readonly people: string;
  readonly gatebook: { readonly url: string; readonly productId: string; readonly productKey: string };
}

/** @throws with a sentence for each variable that can't be used. */
export function configFrom(env: Readonly<Record<string, string | undefined>>): DemoConfig {
  const mistakes: string[] = [];
  const port = Number(env['DEMO_PORT'] ?? '4100');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) mistakes.push('DEMO_PORT must be a port, 0 to 65535.');
  const origin = (name: string, fallback: string) => {
    const text = env[name] ?? fallback;
    const url = URL.parse(text);
    if (url && /^https?:$/.test(url.protocol) && url.origin === text.replace(/\/$/, '')) return url.origin;
    mistakes.push(`${name} must be an address like ${fallback}, without a path.`);
    return fallback;
  };
  const url = origin('DEMO_URL', `http://localhost:${port}`);
  const gatebookUrl = origin('GATEBOOK_URL', 'http://localhost:4000');
  const productKey = env['GATEBOOK_PRODUCT_KEY'] ?? '';
  if (productKey === '')
    mistakes.push('GATEBOOK_PRODUCT_KEY must be set: the key that the service knows this product by.');
  if (mistakes.length > 0) throw new Error(mistakes.join(' '));
  return {
    host: env['DEMO_HOST'] ?? '127.0.0.1',
    port,
    url,
    dataDirectory: env['DEMO_DATA_DIR'] ?? join('.gatebook', 'demo'),
    people: env['GATEBOOK_PEOPLE'] ?? join('apps', 'demo', 'people.json'),
    gatebook: { url: gatebookUrl, productId: env['GATEBOOK_PRODUCT_ID'] ?? 'fernway', productKey },
  };
}
