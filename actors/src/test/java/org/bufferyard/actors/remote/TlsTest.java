package org.bufferyard.actors.remote;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.Address;
import akka.actor.typed.ActorSystem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.bufferyard.actors.extension.Bufferyard;
import org.bufferyard.actors.lease.MemoryView;
import org.bufferyard.allocator.DmaDirection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes as docs/embedding.md has them: Artery over TLS, each side with a certificate. */
class TlsTest {
  private static final String PASSWORD = "loopback";

  @TempDir Path folder;

  private Path keystore() throws IOException, InterruptedException {
    Path file = folder.resolve("yard.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "RSA",
                "-alias",
                "yard",
                "-dname",
                "CN=yard",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String told = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(told).isZero();
    return file;
  }

  private static String config(Path keystore) {
    return """
           # Nobody dies here, and the first handshake on a busy machine takes its time.
           akka.remote.watch-failure-detector.acceptable-heartbeat-pause = 35 s
           akka.remote.artery {
             transport = tls-tcp
             ssl.config-ssl-engine {
               key-store = "%1$s", key-store-password = "%2$s", key-password = "%2$s"
               trust-store = "%1$s", trust-store-password = "%2$s"
               protocol = "TLSv1.2"
               enabled-algorithms = [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]
               require-mutual-authentication = on
             }
           }
           """
        .formatted(keystore, PASSWORD);
  }

  @Test
  void map_overMutualTls_readsTheOthersBytes() throws Exception {
    Path keystore = keystore();
    ActorSystem<Void> system = RemotePeer.system("here", config(keystore));
    try (PeerProcess peer = new PeerProcess(config(keystore))) {
      assertThat(peer.order("fill")).isEqualTo("filled");
      Wire.RemoteBuffer buffer =
          (Wire.RemoteBuffer) RemotePeer.message(system, peer.order("expose"));
      var yard = Bufferyard.get(system).yard();
      var attachment = RemotePeer.get(yard.remoteImporter("far", null).attach(buffer));
      try (RemoteMapping mapping = RemotePeer.get(attachment.map(DmaDirection.TO_DEVICE));
          MemoryView view = mapping.open()) {
        assertThat(view.segment(0).get(JAVA_BYTE, 1_000_003)).isEqualTo((byte) (1_000_003 % 251));
      }
      Address there = buffer.gateway().path().address();
      shakeHands(there, keystore, true);
      assertThatThrownBy(() -> shakeHands(there, keystore, false)).isInstanceOf(IOException.class);
    } finally {
      system.terminate();
      RemotePeer.get(system.getWhenTerminated());
    }
  }

  /** Fails at a side that wants a certificate when there is none. */
  private static void shakeHands(Address there, Path keystore, boolean withCertificate)
      throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keystore)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, PASSWORD.toCharArray());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLSv1.2");
    context.init(
        withCertificate ? keys.getKeyManagers() : new KeyManager[0],
        trust.getTrustManagers(),
        null);
    String host = there.getHost().orElseThrow();
    int port = there.getPort().orElseThrow();
    try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(host, port)) {
      socket.startHandshake();
    }
  }
}
