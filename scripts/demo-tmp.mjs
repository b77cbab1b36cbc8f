import { serveDist } from './serve.mjs';
import { openPage } from './drive.mjs';
const server = await serveDist();
const { page, close } = await openPage(server.address);
await page.setViewportSize({width:1280,height:900});
await page.getByRole('button', { name: /demo/i }).first().click();
await page.waitForFunction(() => document.querySelector('section.card')?.dataset.verdict && document.body.innerText.includes('DeckMode') === false, null, {timeout:60000});
await page.waitForTimeout(25000);
const out = await page.evaluate(async () => {
  const db = await new Promise((r)=>{const q=indexedDB.open('porthole'); q.onsuccess=()=>r(q.result)});
  const all = (s)=>new Promise((r)=>{const q=db.transaction(s).objectStore(s).getAll(); q.onsuccess=()=>r(q.result)});
  const [ref] = await all('references'); const fits = await all('glassFits'); const jobs=(await all('jobs')).sort((a,b)=>a.capturedAt-b.capturedAt);
  const E=ref.embeddings; const n=E[0].length; let sq=0; for(let k=0;k<n;k++){const m=E.reduce((s,e)=>s+e[k],0)/E.length; for(const e of E) sq+=(e[k]-m)**2;}
  return {n:E.length, own: ref.isOwnModel, spread: Math.sqrt(sq/E.length), fit: fits.map(f=>[f.height,f.limits,f.captions]), loss: fits[0].reference.loss.map(e=>[...e].map(v=>v.toFixed(3)).join(' ')), jobs: jobs.map(j=>[j.imageName, j.distance?.toFixed(3), j.driftStatus, j.glass && [j.glass.growth?.distance?.toFixed(3), j.glass.loss?.distance?.toFixed(3), j.glass.loss?.part, j.glass.cover.toFixed(2), j.glass.view.asideInARow, j.glass.move.down+','+j.glass.move.right, j.glass.visible?.toFixed(2), j.glass.isDark].join(' ')].join(' | '))};
});
console.log(out.n,out.own,out.spread,JSON.stringify(out.fit)); console.log(out.loss.join('\n'));
await page.screenshot({path:'/tmp/demo.png', fullPage:true});
console.log(await page.locator('section.card').innerText());
await close(); await server.close(); process.exit(0);
