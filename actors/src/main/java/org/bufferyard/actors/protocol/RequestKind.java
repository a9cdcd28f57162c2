package org.bufferyard.actors.protocol;

/** The kinds of request that the result counts. */
public enum RequestKind {
  EXPORT("export"),
  ATTACH("attach"),
  MAP("map"),
  UNMAP("unmap"),
  RESERVE("reserve"),
  USE("use"),
  PIN("pin"),
  CPU_ACCESS("cpuAccess"),
  SHARE("share"),
  DETACH("detach"),
  RELEASE("release"),
  REVOKE("revoke"),
  OFFER("offer"),
  RECLAIM("reclaim"),
  MMAP("mmap"),
  VMAP("vmap");

  private final String label;

  RequestKind(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
