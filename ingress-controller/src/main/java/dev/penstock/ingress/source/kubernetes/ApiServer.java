package dev.penstock.ingress.source.kubernetes;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The door to the API server: credentials, TLS and connections by the Kubernetes client, requests
 * and answers by ourselves, since its informers believe an empty list and wait too long.
 *
 * <p>HTTP/1.1, so that each watch has a connection of its own: with HTTP/2 a dead connection would
 * be found dead by the kernel alone, after a quarter of an hour, and every new try would use it.
 */
public final class ApiServer implements AutoCloseable {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);

  /** When the socket of a request that nobody waits for any more is given back at last. */
  private static final Duration HEAD_MAX = Duration.ofSeconds(30);

  private final HttpClient http;
  private final String address;

  private ApiServer(HttpClient http, String address) {
    this.http = http;
    this.address = address;
  }

  /**
   * @param kubeconfig a file; null = the pod's service account, or the usual places
   * @param context of the kubeconfig; null = the one that it names as current
   * @param userAgent product and version, for the server's audit log
   * @throws IOException when that is no way to reach a cluster; the message is for the operator
   */
  public static ApiServer connect(
      @Nullable Path kubeconfig, @Nullable String context, String userAgent) throws IOException {
    try {
      Config config =
          kubeconfig == null ? Config.autoConfigure(context) : fromFile(kubeconfig, context);
      NamedContext used = config.getCurrentContext();
      if (context != null && (used == null || !context.equals(used.getName()))) {
        throw new IOException("there is no context '" + context + "'");
      }
      return of(config, userAgent);
    } catch (KubernetesClientException | IllegalArgumentException unusable) {
      throw new IOException(String.valueOf(unusable.getMessage()), unusable);
    }
  }

  private static Config fromFile(Path kubeconfig, @Nullable String context) throws IOException {
    if (!Files.isReadable(kubeconfig)) throw new IOException(kubeconfig + " cannot be read");
    return Config.fromKubeconfig(context, kubeconfig.toFile());
  }

  /**
   * @param config where the server is and who asks; changed here
   */
  static ApiServer of(Config config, String userAgent) {
    config.setHttp2Disable(true);
    config.setRequestRetryBackoffLimit(0); // tries are ours
    config.setConnectionTimeout((int) CONNECT_MAX.toMillis());
    config.setUserAgent(userAgent);
    String address = config.getMasterUrl();
    return new ApiServer(
        new JdkHttpClientFactory().newBuilder(config).build(),
        address.endsWith("/") ? address.substring(0, address.length() - 1) : address);
  }

  /** For messages: {@code https://host:port}. */
  public String address() {
    return address;
  }

  /**
   * Asks.
   *
   * @param path with its query, encoded
   * @param thread runs everything that the receiver hears, in order
   */
  ApiCall get(String path, Executor thread, ApiCall.Receiver receiver) {
    ApiCall call = new ApiCall(thread, receiver);
    call.begin(
        http,
        http.newHttpRequestBuilder()
            .uri(address + path)
            .header("Accept", "application/json")
            .timeout(HEAD_MAX.toMillis(), TimeUnit.MILLISECONDS)
            .build());
    return call;
  }

  /**
   * Asks for a change.
   *
   * @param thread runs everything that the receiver hears, in order
   */
  ApiCall send(ApiWrite write, Executor thread, ApiCall.Receiver receiver) {
    ApiCall call = new ApiCall(thread, receiver);
    call.begin(
        http,
        http.newHttpRequestBuilder()
            .uri(address + write.path())
            .header("Accept", "application/json")
            .method(write.method(), write.contentType(), write.body())
            .timeout(HEAD_MAX.toMillis(), TimeUnit.MILLISECONDS)
            .build());
    return call;
  }

  /** Ends all requests. */
  @Override
  public void close() {
    http.close();
  }
}
