package org.bufferyard.testkit;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The application's class loader, without the manifests of its jars: Akka reads all of them at each
 * start, to warn of mixed versions in a log that is off here. It was the costliest part of a start.
 */
final class SimClassLoader extends ClassLoader {
  private static final String MANIFEST = "META-INF/MANIFEST.MF";

  /** One per application class loader, because the configuration library caches by loader. */
  private static final AtomicReference<@Nullable SimClassLoader> LAST = new AtomicReference<>();

  private SimClassLoader(ClassLoader application) {
    super(application);
  }

  static SimClassLoader current() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader application = context != null ? context : SimClassLoader.class.getClassLoader();
    SimClassLoader last = LAST.get();
    if (last == null || !last.getParent().equals(application)) {
      last = new SimClassLoader(application);
      LAST.set(last);
    }
    return last;
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return name.equals(MANIFEST) ? Collections.emptyEnumeration() : super.getResources(name);
  }
}
