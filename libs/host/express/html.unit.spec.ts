import { describe, expect, it } from '@jest/globals';
import { escapeHtml, markup, withStrip } from './html.ts';
import { isInput, ownPath, routeTemplate, visitTokenOf } from './requests.ts';
import { timeLeft } from './strip.ts';

describe('markup', () => {
  it('escapes what stands in its holes, and nothing twice', () => {
    const inner = markup`<b>${'<&">\'`'}</b>`;
    expect(markup`<p title="${'"'}">${inner}${[inner]}${3}</p>`.text).toBe(
      '<p title="&#34;"><b>&#60;&#38;&#34;&#62;&#39;&#96;</b><b>&#60;&#38;&#34;&#62;&#39;&#96;</b>3</p>',
    );
  });

  it('is ASCII, so that it reads the same in any page', () => {
    expect(escapeHtml('Zoë 😀')).toBe('Zo&#235; &#128512;');
    expect(markup`can’t`.text).toBe('can&#8217;t');
  });
});

describe('the place of the strip', () => {
  it.each([
    ['<html><body>x', '<html><body>[S]x'],
    ['<BODY data-a="1>0" class=\'>\'>x', '<BODY data-a="1>0" class=\'>\'>[S]x'],
    ['<!-- <body> --><body>x', '<!-- <body> --><body>[S]x'],
    ['<script>var a = "<body>"</script><body>x', '<script>var a = "<body>"</script><body>[S]x'],
    ['<title><body></title><body\nid=a>x', '<title><body></title><body\nid=a>[S]x'],
    ['<bodyguard><body>x', '<bodyguard><body>[S]x'],
    ['<!DOCTYPE html>\n<p>x', '<!DOCTYPE html>[S]\n<p>x'],
    ['x', '[S]x'],
    ['', '[S]'],
  ])('in %j', (page, marked) => {
    expect(withStrip(page, '[S]')).toBe(marked);
  });
});

describe('what a request says', () => {
  it('is shown by its route, without what may be secret', () => {
    expect(routeTemplate('/inquiries/q-17/reply-all')).toBe('/inquiries/:x/reply-all');
    expect(routeTemplate('/c/Ab3dEf')).toBe('/c/:x');
    expect(routeTemplate('/%2e%2e//a/')).toBe('/:x/a');
    expect(routeTemplate('/')).toBe('/');
    expect(routeTemplate(`/a${'/b'.repeat(500)}`)).toBe('/a/b/b/b/b/b');
  });

  it('has a way back only within the site', () => {
    expect(ownPath('/billing?a=1')).toBe('/billing?a=1');
    for (const elsewhere of ['//x', '/\\x', 'x', 'https://x', '/a\nb', undefined]) {
      expect(ownPath(elsewhere)).toBeUndefined();
    }
  });

  it('has the visit’s token in one cookie, by its exact name', () => {
    const of = (cookie: string) => visitTokenOf({ headers: { cookie } } as never);
    expect(of('a=1; __Host-gatebook-visit=e30.x.y; b=2')).toBe('e30.x.y');
    expect(of('x__Host-gatebook-visit=1; __host-gatebook-visit=2')).toBeUndefined();
    expect(of('__Host-gatebook-visit=')).toBe('');
    expect(of('__Host-gatebook-visit=a\u0001b')).toBe('');
  });

  it('is no input of a person when a script fetches', () => {
    const post = (headers: object) => isInput({ method: 'POST', headers } as never);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(post(form)).toBe(true);
    expect(post({ ...form, 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'same-origin' })).toBe(true);
    expect(post({ ...form, 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'cross-site' })).toBe(false);
    expect(post({ ...form, 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' })).toBe(false);
    expect(post({ ...form, origin: 'https://x.test', host: 'y.test' })).toBe(false);
    expect(post({ 'content-type': 'application/json' })).toBe(false);
  });
});

it('says the time that is left, never more than there is', () => {
  const at = (ms: number) => timeLeft(new Date(1_000_000 + ms).toISOString(), 1_000_000);
  expect([-1, 59_999, 60_000, 119_999, 3_600_000, 7_260_000].map(at)).toEqual([
    'less than a minute',
    'less than a minute',
    '1 min',
    '1 min',
    '1 h 0 min',
    '2 h 1 min',
  ]);
});
