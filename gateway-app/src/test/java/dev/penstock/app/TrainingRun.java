package dev.penstock.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.OriginConnection;
import dev.penstock.testkit.Ports;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.SeenRequest;
import dev.penstock.testkit.TestCertificate;
import dev.penstock.testkit.TlsClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The life of a gateway in a few seconds, so that the JVM sees which classes it needs: a start on
 * manifests with TLS, requests of each kind with the log on, scrapes, a change, the drain; for a
 * pod then, in the same process, that of a gateway in a {@link TrainingCluster}. On free ports of
 * loopback and in a directory that is removed.
 */
final class TrainingRun {
  /** Enough to see the methods of the request path as hot ones. */
  private static final int REQUESTS = 3_000;

  private static final String BODY = "x".repeat(1_000);

  private final Path directory;
  private final Origin origin;

  private TrainingRun(Path directory, Origin origin) {
    this.directory = directory;
    this.origin = origin;
  }

  /** All of it, with an additional option of the JVM. */
  static void train(String option, AotCache.User user) throws Exception {
    inDirectory(option, user, TrainingRun::useAll, TrainingCluster::useAll);
  }

  /** Each start, one request and the end; fails when the JVM refuses the option. */
  static void check(String option, AotCache.User user) throws Exception {
    inDirectory(
        option,
        user,
        (run, gateway) -> run.expect(200, gateway, "plain.test", "GET", "/"),
        (cluster, gateway) -> {});
  }

  @FunctionalInterface
  private interface Use<T> {
    void of(T world, Distribution gateway) throws Exception;
  }

  /** One process: a cache is made from one. */
  private static void inDirectory(
      String option, AotCache.User user, Use<TrainingRun> ofFiles, Use<TrainingCluster> ofCluster)
      throws Exception {
    Path directory = Files.createTempDirectory("penstock-training");
    try (Origin origin = Origin.replying(TrainingRun::answer);
        TrainingCluster cluster = TrainingCluster.in(directory)) {
      TrainingRun run = new TrainingRun(directory, origin);
      run.writeManifests();
      Map<String, String> environment = new HashMap<>(cluster.environment());
      environment.put("JAVA_HOME", System.getProperty("java.home"));
      environment.put("PENSTOCK_JAVA_OPTS", option);
      List<String> arguments = new ArrayList<>();
      arguments.add("train");
      arguments.add(run.command("run", "--config=" + directory.resolve("config")));
      boolean isPod = user == AotCache.User.POD;
      if (isPod) arguments.add(run.command("ingress", TrainingCluster.FLAGS));
      try (Distribution gateway =
          Distribution.start(Distribution.HOME.resolve("bin/penstock"), environment, arguments)) {
        awaitServing(gateway, 1);
        ofFiles.of(run, gateway);
        gateway.terminate();
        if (isPod) {
          awaitServing(gateway, 2);
          ofCluster.of(cluster, gateway);
          gateway.terminate();
        }
        int exitCode = gateway.awaitExit();
        if (exitCode != 0) {
          throw new IllegalStateException("ended with " + exitCode + ": " + gateway.err());
        }
      }
    } finally {
      delete(directory);
    }
  }

  /** Writes the arguments of a command; the file. */
  private String command(String name, String... flags) throws IOException {
    List<String> arguments = new ArrayList<>(Distribution.ON_FREE_PORTS);
    arguments.addFirst(name);
    arguments.addAll(
        List.of("--drain-min=100ms", "--state-dir=" + directory.resolve(name + ".state")));
    arguments.addAll(List.of(flags));
    List<String> quoted = arguments.stream().map(argument -> '"' + argument + '"').toList();
    return Files.write(directory.resolve(name), quoted).toString();
  }

  private static void awaitServing(Distribution gateway, int times) {
    Await.until(
        () -> "it serves, for the " + times + ". time: " + gateway.err(),
        Distribution.PATIENCE,
        () ->
            !gateway.isAlive()
                || gateway.err().stream().filter(line -> line.contains("  hosts  ")).count()
                    >= times);
  }

  private static void answer(SeenRequest request, OriginConnection connection) throws IOException {
    switch (request.target()) {
      case "/chunked" -> connection.send(Answers.chunked(BODY, BODY));
      case "/socket" -> {
        connection.acceptWebSocket(request);
        connection.echo();
      }
      default -> connection.send(Answers.ok(BODY));
    }
  }

  private void useAll(Distribution gateway) throws Exception {
    overHttp(gateway);
    overTls(gateway);
    gateway.admin("/healthz");
    gateway.admin("/readyz");
    gateway.admin("/metrics");
    changeAFile(gateway);
    gateway.admin("/metrics");
  }

  private void overHttp(Distribution gateway) throws IOException {
    expect(308, gateway, "secure.test", "GET", "/");
    expect(200, gateway, "a.wild.test", "GET", "/");
    expect(404, gateway, "nobody.test", "GET", "/");
    expect(502, gateway, "plain.test", "GET", "/down");
    expect(200, gateway, "plain.test", "GET", "/sliced/x");
    expect(400, gateway, "a b", "GET", "/");
    try (RawClient client = RawClient.plain(gateway.port("http"))) {
      useConnection(client, "plain.test");
      for (int i = 0; i < REQUESTS; i++) client.exchange(request("plain.test", "GET", "/" + i, ""));
    }
    try (RawClient client = RawClient.plain(gateway.port("http"))) {
      webSocket(client);
    }
  }

  private void overTls(Distribution gateway) throws IOException {
    int port = gateway.port("https");
    for (String name : List.of("secure.test", "b.wild.test", "unknown.test")) {
      TlsClient both = TlsClient.to(name);
      secured(port, name, both);
      secured(port, name, both.withProtocols("TLSv1.2"));
    }
    try (RawClient client = RawClient.tls(port, "secure.test")) {
      for (int i = 0; i < REQUESTS; i++) client.exchange(request("secure.test", "GET", "/", ""));
    }
  }

  private static void secured(int port, String name, TlsClient tls) throws IOException {
    try (RawClient client = RawClient.tls(port, 0, tls)) {
      if (name.equals("unknown.test")) client.exchange(request(name, "GET", "/", ""));
      else useConnection(client, name);
    }
  }

  /** Every kind of request and answer over one connection. */
  private static void useConnection(RawClient client, String host) throws IOException {
    client.exchange(request(host, "GET", "/?a=b", "Accept: application/json\r\nCookie: a=b\r\n"));
    client.exchange(request(host, "HEAD", "/", ""));
    client.exchange(request(host, "GET", "/chunked", "X-Forwarded-For: 10.0.0.1\r\n"));
    client.exchange(request(host, "POST", "/", "Content-Length: " + BODY.length() + "\r\n") + BODY);
    client.exchange(
        request(host, "PUT", "/", "Transfer-Encoding: chunked\r\n")
            + Answers.chunk(BODY)
            + "0\r\n\r\n");
    String two = request(host, "GET", "/exact", "") + request(host, "GET", "/exact", "");
    client.send(two);
    client.read("GET");
    client.read("GET");
  }

  private static void webSocket(RawClient client) throws IOException {
    String fields =
        """
        Connection: Upgrade\r
        Upgrade: websocket\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        """;
    client.send(request("plain.test", "GET", "/socket", fields));
    client.readHead();
    client.send("echo");
    client.readBytes(4);
  }

  /** Another backend, then another path. */
  private void changeAFile(Distribution gateway) throws IOException {
    Path site = directory.resolve("config/site.yaml");
    String text = Files.readString(site);
    write(site, text.replace("127.0.0.1:" + origin.port(), "127.0.0.1:" + Ports.closed()));
    awaitStatus(502, gateway, "/");
    write(site, text.replace("path: /down", "path: /other"));
    awaitStatus(200, gateway, "/down");
  }

  /** As editors do: whole, by a rename. */
  private static void write(Path file, String text) throws IOException {
    Path beside = file.resolveSibling(".new");
    Files.writeString(beside, text);
    Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void awaitStatus(int status, Distribution gateway, String path) {
    Await.until(
        () -> status + " for " + path,
        Distribution.PATIENCE,
        () -> status(gateway, "plain.test", "GET", path) == status);
  }

  private void expect(int status, Distribution gateway, String host, String method, String path)
      throws IOException {
    int got = status(gateway, host, method, path);
    if (got != status) {
      throw new IllegalStateException(
          "%s %s of %s got %d, not %d: %s"
              .formatted(method, path, host, got, status, gateway.err()));
    }
  }

  static int status(Distribution gateway, String host, String method, String path)
      throws IOException {
    try (RawClient client = RawClient.plain(gateway.port("http"))) {
      return client.exchange(request(host, method, path, "")).status();
    }
  }

  private static String request(String host, String method, String path, String fields) {
    return method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + fields + "\r\n";
  }

  private void writeManifests() throws IOException {
    Path config = Files.createDirectory(directory.resolve("config"));
    writeCertificate(config, "secure", TestCertificate.ec("secure.test"));
    writeCertificate(config, "wildcard", TestCertificate.rsa("*.wild.test"));
    for (String name : List.of("site.yaml", "sliced.yaml")) {
      String text = resource(name);
      text = text.replace("BACKEND", String.valueOf(origin.port()));
      text = text.replace("CLOSED", String.valueOf(Ports.closed()));
      Files.writeString(config.resolve(name), text);
    }
  }

  static String resource(String name) throws IOException {
    try (InputStream in = TrainingRun.class.getResourceAsStream("/training/" + name)) {
      if (in == null) throw new IllegalStateException("no training/" + name);
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static void writeCertificate(Path config, String name, TestCertificate certificate)
      throws IOException {
    Files.writeString(config.resolve(name + ".crt"), certificate.chainPem());
    Files.writeString(config.resolve(name + ".key"), certificate.keyPem());
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    }
  }
}
