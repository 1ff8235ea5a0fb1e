// The service behind deploy/nginx.conf: below a path that nginx passes on, or takes off, and at a host's root.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { asString, at, parseJson } from '../../src/service/json';
import { openPage, sharedBrowser } from '../support/browser';
import { sharedFixtures } from '../support/fixtures';
import { ask, nginxMissing, postForm, startNginx, type Nginx } from '../support/nginx';
import { startRealService, type RealService } from '../support/real_service';
import { makeResult } from '../support/steps';

const fixtures = sharedFixtures();
const skip = nginxMissing() ?? false;

interface Place {
  name: string;
  flags: string[];
  changes: [string, string][];
  /** Before the page's address, and before the links of an answer. */
  prefix: string;
  links: string;
}

const kPlaces: Place[] = [
  {
    name: 'a path that nginx passes on',
    flags: ['--root-path', '/hdr'],
    changes: [],
    prefix: '/hdr',
    links: '/hdr',
  },
  {
    name: 'a path that nginx takes off',
    flags: [],
    changes: [['proxy_pass http://hdr_process;\n    limit_req', 'proxy_pass http://hdr_process/;\n    limit_req']],
    prefix: '/hdr',
    links: '',
  },
  {
    name: 'the root of a host',
    flags: [],
    changes: [['\n  location /hdr/ {', '\n  location / {']],
    prefix: '',
    links: '',
  },
];

const picture = (name: string): Blob => new Blob([new Uint8Array(fixtures.read(name))]);
const jsonOf = ({ body }: { body: Buffer }): unknown => parseJson(body.toString());

for (const { name, flags, changes, prefix, links } of kPlaces) {
  describe(`behind nginx, at ${name}`, { skip }, () => {
    let service: RealService;
    let nginx: Nginx;
    before(async () => {
      service = await startRealService('--proxy', '127.0.0.1', ...flags);
      nginx = await startNginx(service.url, changes);
    });
    after(async () => {
      await nginx?.stop();
      assert.deepEqual(await service?.stop(), { status: 0, left: [] });
    });

    it('a picture is posted, and its files fetched', async () => {
      const fields = { img: picture('edit.jpg'), ref: picture('original.jpg') };
      const done = await postForm(`${nginx.url}${prefix}/process`, fields, { Origin: nginx.url });
      assert.equal(done.status, 200, done.body.toString());
      const answer = jsonOf(done);
      const link = asString(at(answer, 'result', 'hdr')) ?? '';
      assert.equal(link, `${links}/result/${asString(at(answer, 'id'))}/hdr`);
      const file = await ask(nginx.url + prefix + link.slice(links.length));
      assert.equal(file.status, 200);
      assert.deepEqual(file.body, Buffer.from(fixtures.read('result.jpg')));
    });

    it('the page makes a picture, and its download is the program\'s file', async () => {
      const open = await openPage(await sharedBrowser(), `${nginx.url}${prefix}/`, { ignoreHTTPSErrors: true });
      await makeResult(open.page, fixtures);
      const [file] = await Promise.all([
        open.page.waitForEvent('download'),
        open.page.getByRole('link', { name: /^Download HDR picture/ }).first().click(),
      ]);
      assert.deepEqual(readFileSync(await file.path()), Buffer.from(fixtures.read('result.jpg')));
      await open.page.getByRole('link', { name: 'API' }).click();
      await open.page.getByText('/result/{id}/gainmap').waitFor();
      await open.page.getByRole('link', { name: 'Back to the pictures' }).click();
      await open.page.getByText('Put the HDR back into your edit').waitFor();
      await open.close();
    });

    it('pages of other origins cannot post, nor our own by plain HTTP', async () => {
      for (const origin of ['https://evil.example', nginx.url.replace('https:', 'http:')]) {
        const refused = await postForm(`${nginx.url}${prefix}/process`, { img: picture('edit.jpg') }, { Origin: origin });
        assert.equal(refused.status, 403, origin);
        assert.equal(at(jsonOf(refused), 'code'), 'forbidden_origin');
      }
    });
  });
}

describe('nginx by itself', { skip }, () => {
  let service: RealService;
  let nginx: Nginx;
  before(async () => {
    service = await startRealService('--proxy', '127.0.0.1', '--root-path', '/hdr');
    nginx = await startNginx(service.url);
  });
  after(async () => {
    await nginx?.stop();
    await service?.stop();
  });

  it('leads to the page, and to TLS', async () => {
    const slash = await ask(`${nginx.url}/hdr`);
    assert.deepEqual([slash.status, slash.headers.location], [301, '/hdr/']);
    const secure = await ask(`${nginx.plainUrl}/hdr/?x=1`);
    assert.equal(secure.status, 308);
    assert.match(secure.headers.location ?? '', /^https:\/\/127\.0\.0\.1:\d+\/hdr\/\?x=1$/);
    assert.match((await ask(`${nginx.url}/hdr/`)).headers['strict-transport-security'] ?? '', /^max-age=\d+/);
  });

  it('takes the largest body that the service takes, and refuses others in its words', async () => {
    const told = await ask(`${nginx.url}/hdr/process`, {
      method: 'POST',
      headers: { 'Content-Type': 'multipart/form-data; boundary=x', 'Content-Length': '170000000' },
    });
    assert.equal(told.status, 413);
    assert.equal(at(jsonOf(told), 'code'), 'too_large');
    // What the service itself says of a body that nginx took: more than one picture may hold.
    const large = await postForm(`${nginx.url}/hdr/process`, { img: new Blob([new Uint8Array(41_000_000)]) });
    assert.equal(large.status, 413);
    assert.equal(at(jsonOf(large), 'where'), 'img');
  });

  it('lets operators read the counters', async () => {
    const told = await ask(`${nginx.url}/hdr/metrics`);
    assert.match(told.body.toString(), /^hdr_process_build_info\{version="[0-9.]+"\} 1$/m);
  });

  it('slows down who posts too much, in words that the page reads', async () => {
    const all = await Promise.all(Array.from({ length: 15 }, () => postForm(`${nginx.url}/hdr/inspect`, { no: '1' })));
    const slowed = all.filter(({ status }) => status === 429);
    assert.ok(slowed.length > 0 && slowed.length < 15, `${slowed.length}`);
    for (const told of slowed) {
      assert.equal(at(jsonOf(told), 'code'), 'busy');
      assert.equal(told.headers['retry-after'], '5');
    }
    assert.equal((await ask(`${nginx.url}/hdr/openapi.json`)).status, 200);
  });

  it('says that the service is away', async () => {
    await service.stop();
    const told = await ask(`${nginx.url}/hdr/readyz`);
    assert.equal(told.status, 503);
    assert.equal(at(jsonOf(told), 'code'), 'busy');
    service = await startRealService(); // for the end
  });
});
