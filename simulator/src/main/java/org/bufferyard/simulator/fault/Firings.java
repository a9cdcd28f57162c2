package org.bufferyard.simulator.fault;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Which faults happened, each at which of its occasions, counted from 1. Enough to make them happen
 * again, or all but some of them.
 */
public record Firings(List<Firing> all) {
  /** The fault happened at its {@code occasion}-th occasion. */
  public record Firing(FaultKind kind, long occasion) {}

  /** Nothing ever happens. */
  public static final Firings NONE = new Firings(List.of());

  public Firings {
    all = List.copyOf(all);
  }

  Map<FaultKind, TreeSet<Long>> byKind() {
    Map<FaultKind, TreeSet<Long>> byKind = new EnumMap<>(FaultKind.class);
    for (Firing firing : all) {
      byKind.computeIfAbsent(firing.kind(), kind -> new TreeSet<>()).add(firing.occasion());
    }
    return byKind;
  }

  /** Without those in {@code [from, to)} of the list. */
  public Firings without(int from, int to) {
    List<Firing> kept = new ArrayList<>(all.subList(0, from));
    kept.addAll(all.subList(to, all.size()));
    return new Firings(kept);
  }

  /** Without those of the kind. */
  public Firings without(FaultKind kind) {
    return new Firings(all.stream().filter(each -> each.kind() != kind).toList());
  }

  /** The {@code at}-th of the list happens at another occasion. */
  public Firings with(int at, long occasion) {
    List<Firing> changed = new ArrayList<>(all);
    changed.set(at, new Firing(all.get(at).kind(), occasion));
    return new Firings(changed);
  }

  /** Those of the kind that come later than {@code by} come as many occasions earlier. */
  public Firings earlier(FaultKind kind, long by) {
    return new Firings(
        all.stream()
            .map(
                each ->
                    each.kind() == kind && each.occasion() > by
                        ? new Firing(kind, each.occasion() - by)
                        : each)
            .toList());
  }
}
