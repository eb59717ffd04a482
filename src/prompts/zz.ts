import { readFileSync } from 'node:fs';
import { parsePromptRules } from './rules.ts';
import { evaluatePrompt } from './evaluate-prompt.ts';
const t0=performance.now();
const p=parsePromptRules(readFileSync('policies/standard/prompt-rules.yaml','utf8'));
console.log('compile ms',performance.now()-t0);
if(!p.ok){console.log(p.problems);process.exit(1)}
console.log('terms',p.rules.termCount,'rules',p.rules.rules.length);
const s=(t:string)=>evaluatePrompt(p.rules,t).map(x=>x.reason+' '+JSON.stringify(x.spans!.map(y=>t.slice(y.start,y.end)))).join(' ; ')||'-';
for(const t of ['n u d e woman','nu.de woman','n\u200bude w\u043eman','NUUUDE woman','nud3 woman','ｎｕｄｅ woman','𝓷𝓾𝓭𝓮 woman','p0rn','$exual act of a child','E S S E X girl','remove her clothes','Undress the woman','n🔥u🔥d🔥e woman','12 year old girl, sexy','nacktes kind','niña desnuda','enfant nu','criança nua','bambina nuda','Taylor Swift at a table','fake passport','see-through dress on this woman','a sex scene','c\u0301hild nude','🇳🇺🇩🇪 woman','n-u-d-e woman','@nal sex','anal $ex']) console.log(JSON.stringify(t),s(t));
const seed='a watercolor painting of a lighthouse on a rocky coast at dawn, soft light, gulls in the sky, highly detailed, 4k, by the sea';
console.log(seed.length);
function bench(name:string,t:string,n:number){const xs:number[]=[];for(let i=0;i<n;i++){const a=performance.now();evaluatePrompt(p.ok?p.rules:null!,t);xs.push(performance.now()-a)}xs.sort((a,b)=>a-b);console.log(name,t.length,'p50 us',(xs[n>>1]!*1000).toFixed(1),'p99 us',(xs[Math.floor(n*.99)]!*1000).toFixed(1))}
for(let i=0;i<3;i++)bench('125',seed,5000);
const long=(seed+'. ').repeat(300).slice(0,32768);
bench('32k',long,200);
bench('32k nude',('nude woman '.repeat(4000)).slice(0,32768),100);
bench('32k a.a',('a.'.repeat(20000)).slice(0,32768),100);
bench('32k spaced',('n '.repeat(20000)).slice(0,32768),100);
bench('32k leet',('5e!$'.repeat(20000)).slice(0,32768),100);
bench('32k $',('$'.repeat(32768)),100);
bench('32k cyr',('сосед '.repeat(20000)).slice(0,32768),100);
bench('32k oneword',('n'.repeat(32768)),100);
bench('32k n.u',('n.u.d.'.repeat(20000)).slice(0,32768),100);
