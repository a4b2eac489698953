package dev.penstock.ingress.source.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
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

  /**
   * Connections lost to answers that are no HTTP: the JDK's client neither closes them nor uses
   * them again, so that it is replaced, with all of its connections. Each holds a descriptor and 20
   * KiB.
   */
  private static final int LOST_CONNECTIONS_MAX = 8;

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");

  private final Supplier<Connections> connect;
  private final String address;
  private final AtomicInteger due = new AtomicInteger();
  private Connections connections;
  private int lost;
  private boolean isClosed;

  private ApiServer(Supplier<Connections> connect, String address) {
    this.connect = connect;
    this.address = address;
    this.connections = connect.get();
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
      Config config = Kubeconfig.read(kubeconfig, context);
      if (isReadByOthers(config.getMasterUrl()) && hasCredentials(config)) {
        throw new IOException(
            "credentials would go unencrypted to "
                + config.getMasterUrl()
                + ": the server has to begin with https://");
      }
      return of(config, userAgent);
    } catch (
        RuntimeException unusable) { // the client has no kind of its own for what it cannot use
      throw new IOException(why(unusable), unusable);
    }
  }

  /** What goes there is neither encrypted nor stays on this machine, as with kubectl proxy. */
  private static boolean isReadByOthers(String server) {
    return !server.startsWith("https://")
        && !LOOPBACK.contains(String.valueOf(URI.create(server).getHost()));
  }

  private static boolean hasCredentials(Config config) {
    return config.getOauthToken() != null
        || config.getAutoOAuthToken() != null
        || config.getOauthTokenProvider() != null
        || config.getUsername() != null;
  }

  /** What the client says, and what made it say so. */
  private static String why(Throwable fault) {
    String said = String.valueOf(fault.getMessage());
    Throwable cause = fault.getCause();
    return cause == null ? said : said + ": " + why(cause);
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
        () -> Connections.with(config),
        address.endsWith("/") ? address.substring(0, address.length() - 1) : address);
  }

  /** For messages: {@code https://host:port}. */
  public String address() {
    return address;
  }

  /** Whether anybody who asked still waits for an answer; events of a watch come unasked. */
  boolean isAnswerDue() {
    return due.get() > 0;
  }

  /**
   * Asks.
   *
   * @param path with its query, encoded
   * @param thread runs everything that the receiver hears, in order
   */
  ApiCall get(String path, Executor thread, ApiCall.Receiver receiver) {
    return begin(path, thread, receiver, request -> request);
  }

  /**
   * Asks for a change.
   *
   * @param thread runs everything that the receiver hears, in order
   */
  ApiCall send(ApiWrite write, Executor thread, ApiCall.Receiver receiver) {
    return begin(
        write.path(),
        thread,
        receiver,
        request -> request.method(write.method(), write.contentType(), write.body()));
  }

  /** Locked, so that what it uses is not closed before it has asked. */
  private synchronized ApiCall begin(
      String path,
      Executor thread,
      ApiCall.Receiver receiver,
      UnaryOperator<HttpRequest.Builder> completed) {
    Connections used = connections;
    HttpRequest.Builder request =
        used.http()
            .newHttpRequestBuilder()
            .uri(address + path)
            .header("Accept", "application/json")
            .timeout(HEAD_MAX.toMillis(), TimeUnit.MILLISECONDS);
    ApiCall call = new ApiCall(thread, receiver, path.contains("?watch="), due);
    call.begin(used.http(), completed.apply(request).build(), () -> lostOne(used));
    return call;
  }

  private synchronized void lostOne(Connections used) {
    if (isClosed || !used.equals(connections) || ++lost < LOST_CONNECTIONS_MAX) return;
    lost = 0;
    connections = connect.get();
    used.close();
  }

  /** Ends all requests. */
  @Override
  public synchronized void close() {
    isClosed = true;
    connections.close();
  }

  /** The client's, and the JDK's below it, which the client leaves to the garbage collector. */
  private record Connections(HttpClient http, java.net.http.HttpClient jdk) {
    static Connections with(Config config) {
      Factory factory = new Factory();
      HttpClient http = factory.newBuilder(config).build();
      return new Connections(http, Objects.requireNonNull(factory.made));
    }

    void close() {
      jdk.shutdownNow();
      http.close();
    }
  }

  /** Keeps hold of what it makes. */
  private static final class Factory extends JdkHttpClientFactory {
    private java.net.http.@Nullable HttpClient made;

    @Override
    protected java.net.http.HttpClient.Builder createNewHttpClientBuilder() {
      java.net.http.HttpClient.Builder builder = super.createNewHttpClientBuilder();
      Class<?> type = java.net.http.HttpClient.Builder.class;
      return (java.net.http.HttpClient.Builder)
          Proxy.newProxyInstance(
              ApiServer.class.getClassLoader(),
              new Class<?>[] {type},
              (proxy, method, arguments) -> {
                Object result = method.invoke(builder, arguments);
                if (result instanceof java.net.http.HttpClient client) made = client;
                return type.isInstance(result) ? proxy : result;
              });
    }
  }
}
