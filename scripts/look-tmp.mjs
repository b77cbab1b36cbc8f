import { serveDist } from './serve.mjs';
import { handFiles, openPage } from './drive.mjs';
import { courses } from './judge/cameras.mjs';
const server = await serveDist();
const c = (await courses('/work/shared/data')).filter(c=>c.cycle.includes(process.argv[2]))[0];
const { page, close } = await openPage(server.address);
await page.setViewportSize({width:1280,height:900});
const n = Number(process.argv[3] ?? 1e9);
const h = await handFiles(page, c.reference.map(s=>s.picture.path));
await page.evaluate(async (h) => { await globalThis.porthole.setUpCamera([...h.files], { name: 'OBSEA 2014', warmUp: 'none', warmUpFiles: [] }); }, h);
const s = await handFiles(page, c.stream.slice(0,n).map(s=>s.picture.path));
await page.evaluate(async (h) => { await globalThis.porthole.score([...h.files]); }, s);
await page.evaluate(()=>{location.hash='monitor'});
await page.waitForTimeout(1500);
await page.screenshot({path:'/tmp/look.png'});
await page.waitForTimeout(1500); await page.screenshot({path:'/tmp/look-full.png', fullPage:true});
console.log(await page.locator('section.card').innerText());
if (process.argv[4]) { await page.reload(); await page.waitForTimeout(3000); console.log('after reload', await page.locator('section.card').innerText()); }
await close(); await server.close(); process.exit(0);
