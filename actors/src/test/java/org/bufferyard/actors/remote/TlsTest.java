package org.bufferyard.actors.remote;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.Address;
import akka.actor.typed.ActorSystem;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.bufferyard.actors.extension.Bufferyard;
import org.bufferyard.actors.lease.MemoryView;
import org.bufferyard.allocator.DmaDirection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes as docs/embedding.md has them: Artery over TLS, each side with a certificate. */
class TlsTest {
  private static final String PASSWORD = "loopback";

  @TempDir Path folder;

  private Path keystore(String name) throws IOException, InterruptedException {
    Path file = folder.resolve(name);
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
    Path keystore = keystore("yard.p12");
    ActorSystem<Void> system = RemotePeer.system("here", config(keystore));
    try (PeerProcess peer = new PeerProcess(config(keystore))) {
      assertThat(peer.order("fill")).isEqualTo("filled");
      Wire.RemoteBuffer buffer =
          (Wire.RemoteBuffer) RemotePeer.message(system, peer.order("expose"));
      var yard = Bufferyard.get(system).yard();
      var attachment = RemotePeer.get(yard.remoteImporter("far", null).attach(buffer));
      expectTheOthersBytes(attachment);
      Address there = buffer.gateway().path().address();
      shakeHands(there, keystore, keystore);
      assertThatThrownBy(() -> shakeHands(there, keystore, null)).isInstanceOf(IOException.class);
      Path strangers = keystore("stranger.p12");
      assertThatThrownBy(() -> shakeHands(there, keystore, strangers))
          .isInstanceOf(IOException.class);
      sayNonsense(there);
      expectTheOthersBytes(attachment);
    } finally {
      system.terminate();
      RemotePeer.get(system.getWhenTerminated());
    }
  }

  private static void expectTheOthersBytes(RemoteAttachment attachment) {
    try (RemoteMapping mapping = RemotePeer.get(attachment.map(DmaDirection.TO_DEVICE));
        MemoryView view = mapping.open()) {
      assertThat(view.segment(0).get(JAVA_BYTE, 1_000_003)).isEqualTo((byte) (1_000_003 % 251));
    }
  }

  /** Connections of whoever knows no protocol at all: each is closed, and nothing else is. */
  private static void sayNonsense(Address there) throws IOException {
    for (byte[] nonsense :
        List.of(
            "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
            new byte[4096],
            new byte[] {0x16, 0x03, 0x03, 0x7f},
            new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f})) {
      try (Socket socket = new Socket(host(there), port(there))) {
        socket.getOutputStream().write(nonsense);
        socket.getOutputStream().flush();
        socket.shutdownOutput();
        socket.getInputStream().readAllBytes();
      } catch (SocketException closedAtOnce) {
        assertThat(closedAtOnce).hasMessageContaining("onnection");
      }
    }
  }

  private static String host(Address there) {
    return there.getHost().orElseThrow();
  }

  private static int port(Address there) {
    return there.getPort().orElseThrow();
  }

  private static KeyStore load(Path file) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  /** Fails at a side that wants a certificate which it trusts, and is shown none or another. */
  private static void shakeHands(Address there, Path trusted, @Nullable Path shown)
      throws Exception {
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(load(trusted));
    KeyManager[] keys = {};
    if (shown != null) {
      KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(load(shown), PASSWORD.toCharArray());
      keys = factory.getKeyManagers();
    }
    SSLContext context = SSLContext.getInstance("TLSv1.2");
    context.init(keys, trust.getTrustManagers(), null);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(host(there), port(there))) {
      socket.startHandshake();
    }
  }
}
