package org.bufferyard.simulator.soak;
import java.util.*;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.simulator.run.Trial;
public class Try {
  public static void main(String[] a) {
    long from=Long.parseLong(a[0]), to=Long.parseLong(a[1]);
    SoakPlan plan=SoakPlan.swarm(List.of("lru","fifo","clock","random","lfu"));
    long t0=System.nanoTime(); long steps=0; int bad=0; int max=0;
    org.bufferyard.simulator.sanitizer.Coverage cov=new org.bufferyard.simulator.sanitizer.Coverage();
    Map<String,Integer> rules=new TreeMap<>();
    for(long s=from;s<=to;s++){
      var o=SoakCase.of(plan,s);
      if(o instanceof Outcome.Refused<SoakCase>(var r)){System.out.println("seed "+s+" refused "+r);continue;}
      var c=((Outcome.Done<SoakCase>)o).value();
      Trial.Outcome out;
      try { if (a.length==3) { var ss=c; out=Trial.run(c.plan().withObserver(new org.bufferyard.testkit.Observer(){ public void onSend(akka.actor.ActorPath f, akka.actor.ActorPath t, Object m){ String x=String.valueOf(m); if(x.contains(a[2])||(f!=null&&f.name().equals(a[2]))||t.name().equals(a[2])) System.out.println((f==null?"-":f.name())+" -> "+t.name()+" "+x.substring(0,Math.min(240,x.length())));} })); } else out=Trial.run(c.plan()); } catch(RuntimeException e){ System.out.println("seed "+s+" EXC "+e.toString().substring(0,Math.min(400,e.toString().length()))); if(bad++<2) e.printStackTrace(System.out); continue; }
      steps+=out.steps(); if(a.length>3) System.out.println(s+" "+out.steps()+" "+out.endNanos()/1e9+" steps "+c.steps().values().stream().mapToInt(List::size).sum()+" "+c.order()); cov.add(out.coverage());
      if(!out.clean()){ bad++; rules.merge(out.rule()+"/"+out.verdict(),1,Integer::sum); if(bad<=6 || a.length>2){ System.out.println("seed "+s+" "+out.verdict()+" "+c.order()+" "+c.world().faults()); out.violations().stream().limit(3).forEach(v->{System.out.println("   "+v.atSeconds()+" "+v.rule()+" "+v.buffer()+" "+v.text()); if(a.length>2) v.history().forEach(h->System.out.println("        "+h));}); if(a.length>2) System.out.println(c.world()+"\n"+c.steps());}}
    }
    double sec=(System.nanoTime()-t0)/1e9;
    System.out.printf("%d seeds %d events %.1f s, %.0f ev/s, bad %d %s%n",to-from+1,steps,sec,steps/sec,bad,rules);
    System.out.println("states "+cov.states()+" edges "+cov.edges().cardinality()+" pairs "+cov.pairs()+" cells "+cov.cells()+"/"+cov.cellsReachable()+" missing "+cov.missing()+" surprising "+cov.surprising());
  }
}
