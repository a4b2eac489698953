package dev.penstock.ingress.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kubelet writes a new token long before the old one is refused; both must be survived. */
class ServiceAccountTokenTest {
  @TempDir Path directory;
  private volatile String taken = "first";
  private HttpServer server;
  private Map<String, String> properties;

  @BeforeEach
  void aPodsServiceAccount() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String sent = exchange.getRequestHeaders().getFirst("Authorization");
          exchange.sendResponseHeaders(("Bearer " + taken).equals(sent) ? 200 : 401, -1);
          exchange.close();
        });
    server.start();
    properties =
        Map.of(
            "kubernetes.master",
            "http://127.0.0.1:" + server.getAddress().getPort(),
            "kubernetes.auth.tryKubeConfig",
            "false",
            "kubernetes.auth.serviceAccount.token",
            directory.resolve("token").toString());
    properties.forEach(System::setProperty);
  }

  @AfterEach
  void leave() {
    properties.keySet().forEach(System::clearProperty);
    server.stop(0);
  }

  @Test
  void aTokenThatIsRefusedIsReadAgain() throws Exception {
    Files.writeString(directory.resolve("token"), "first");
    try (ApiServer api = ApiServer.connect(null, null, "penstock/test")) {
      assertThat(status(api)).isEqualTo(200);
      taken = "second";
      assertThat(status(api)).isEqualTo(401);
      Files.writeString(directory.resolve("token"), "second");
      assertThat(status(api)).isEqualTo(200);
    }
  }

  private static int status(ApiServer api) throws Exception {
    CompletableFuture<Integer> status = new CompletableFuture<>();
    api.get(
        "/api",
        Runnable::run,
        new ApiCall.Receiver() {
          @Override
          public void onHead(int code, long retryAfterSeconds) {
            status.complete(code);
          }

          @Override
          public void onBytes(List<ByteBuffer> bytes) {}

          @Override
          public void onEnd(String fault) {
            status.completeExceptionally(new IOException(fault));
          }
        });
    return status.get();
  }
}
