import { readFileSync, readdirSync } from 'node:fs'; import { join } from 'node:path';
import { loadTreeSitter, treeSitterFunctions } from '/work/main/test/kernel/differential/treeSitter';
import { ourFunctions } from '/work/main/test/kernel/differential/ours';
import { rewrite } from '/work/main/test/kernel/differential/rewrite';
(async () => {
const T = process.env.HOME + '/.cache/kernels/linux-source-6.1'; const step = Number(process.argv[2] ?? 40); const off=Number(process.argv[3]??0);
const parser = await loadTreeSitter();
const files = ['drivers/net','fs','mm','kernel','sound','drivers/gpu'].flatMap((d) => (readdirSync(join(T,d),{recursive:true}) as string[]).filter((n)=>n.endsWith('.c')).map((n)=>join(d,n))).sort().filter((_,i)=>i%step===off);
let total=0, broken=0, same=0, missing=0, shown=0, bytesTotal=0, extra=0; const t0=Date.now();
for (const f of files) {
  const bytes = readFileSync(join(T,f)); bytesTotal+=bytes.length; const text = Buffer.from(rewrite(bytes)).toString('latin1');
  const a = treeSitterFunctions(parser, text); const ours = ourFunctions(f, bytes, text); const m = new Map(ours.map((o)=>[o.body,o]));
  const tsEnds = a;
  for (const x of a) {
    if (x.broken) { broken++; m.delete(x.body); continue; }
    total++;
    const o = m.get(x.body); m.delete(x.body);
    const line = text.slice(0,x.body).split('\n').length;
    if (!o) { missing++; console.log('MISSING', f+':'+line, x.name); continue; }
    if (o.name===x.name && o.end===x.end && o.calls.length===x.calls.length && o.calls.every((c,i)=>c===x.calls[i])) { same++; continue; }
    if (shown++<400) { const A=new Set(x.calls), B=new Set(o.calls); const only=(p:readonly string[],q:Set<string>)=>p.filter((c)=>!q.has(c)).slice(0,3).map((c)=>{const [,at,rest]=/^(\d+) ([^]*)$/.exec(c)!; return text.slice(0,Number(at)).split('\n').length+': '+rest.slice(0,150)});
      console.log('DIFF', f+':'+line, x.name, o.name===x.name?'':o.name, o.end===x.end?'':'END', o.broken?'BROKEN':'', '\n   ts:', only(x.calls,B), '\n   we:', only(o.calls,A)); }
  }
  for (const o of m.values()) if (!a.some((x)=>x.broken)) { extra++; }
}
console.log({files:files.length,total,broken,same,missing,extra, agree:(100*same/total).toFixed(3), MB:bytesTotal/1e6, s:(Date.now()-t0)/1e3});
})();
