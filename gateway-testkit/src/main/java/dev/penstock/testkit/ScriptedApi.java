package dev.penstock.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes API server on a free port of 127.0.0.1: lists with pages and selectors, watches with
 * versions, bookmarks and 410, single objects that are created and patched (merge and apply are the
 * same here), and faults on order. One counter of versions for all kinds, as etcd has it.
 *
 * <p>Any thread may call it.
 */
public final class ScriptedApi implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a watch sends, in the order of sending. */
  private record Sent(long version, String resource, ObjectNode object, String line) {}

  /** Instead of the right answer. */
  private record Fault(Predicate<String> target, int[] times, Origin.Reply reply) {}

  private final Origin origin;
  private final String address;
  private final Map<String, Map<String, ObjectNode>> resources = new TreeMap<>();
  private final List<Sent> history = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();
  private final List<SeenRequest> writes = new ArrayList<>();
  private long version = 1000;
  private long oldest = 1000;
  private int watchEpoch;
  private final Map<String, Integer> watchEpochs = new TreeMap<>();
  private int openWatches;
  private String authorization = "";

  public ScriptedApi() {
    origin = Origin.replying(this::answer);
    address = "http://127.0.0.1:" + origin.port();
  }

  /** Over TLS. */
  public ScriptedApi(TestCertificate ofLocalhost) {
    origin = Origin.replying(ofLocalhost, this::answer);
    address = "https://localhost:" + origin.port();
  }

  /** Scheme, host and port. */
  public String address() {
    return address;
  }

  /** The text of one that leads here, for a client without a token. */
  public String kubeconfig() {
    return """
    apiVersion: v1
    kind: Config
    clusters: [{name: c, cluster: {server: "%s"}}]
    users: [{name: u, user: {token: none}}]
    contexts: [{name: x, context: {cluster: c, user: u}}]
    current-context: x
    """
        .formatted(address);
  }

  // ---- state

  /** Stores an object as its author would, and tells the watches. */
  public synchronized void put(String json) {
    ObjectNode object = object(json);
    boolean isNew = resource(object.get("kind").asText()).put(key(object), object) == null;
    stamp(object);
    send(object, isNew ? "ADDED" : "MODIFIED");
  }

  /** Deletes an object and tells the watches. */
  public synchronized void delete(String kind, String namespace, String name) {
    ObjectNode object = resource(kind).remove(namespace + "/" + name);
    if (object == null) throw new AssertionError("there is no " + kind + " " + name);
    ObjectNode last = object.deepCopy();
    stamp(last);
    send(last, "DELETED");
  }

  /** Loses objects of a kind without a word to the watches, as a lying server does. */
  public synchronized void lose(String kind, Predicate<String> names) {
    version++;
    resource(kind).keySet().removeIf(key -> names.test(key.split("/", 2)[1]));
  }

  /** Forgets the past: a watch from an earlier version gets 410. */
  public synchronized void compact() {
    oldest = ++version;
    history.clear();
  }

  /** As after the restore of an old backup: versions count from here. */
  public synchronized void restoreTo(long earlier) {
    version = earlier;
    oldest = 0;
    history.clear();
  }

  public synchronized long version() {
    return version;
  }

  private ObjectNode object(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException malformed) {
      throw new AssertionError(malformed);
    }
  }

  private void stamp(ObjectNode object) {
    version++;
    ObjectNode metadata = (ObjectNode) object.get("metadata");
    metadata.put("resourceVersion", Long.toString(version));
    if (!metadata.has("uid")) metadata.put("uid", "uid-" + version);
  }

  private Map<String, ObjectNode> resource(String kind) {
    return resources.computeIfAbsent(plural(kind), plural -> new TreeMap<>());
  }

  private static String plural(String kind) {
    return switch (kind) {
      case "Ingress" -> "ingresses";
      case "IngressClass" -> "ingressclasses";
      default -> kind.toLowerCase(java.util.Locale.ROOT) + "s";
    };
  }

  private static String key(ObjectNode object) {
    JsonNode metadata = object.get("metadata");
    return metadata.path("namespace").asText("") + "/" + metadata.get("name").asText();
  }

  // ---- watches

  private void send(ObjectNode object, String type) {
    ObjectNode event = JSON.createObjectNode().put("type", type);
    event.set("object", object.deepCopy());
    String resource = plural(object.get("kind").asText());
    history.add(new Sent(version, resource, object.deepCopy(), event + "\n"));
    notifyAll();
  }

  /** Sends a line as it is to every watch of a kind, whatever it holds. */
  public synchronized void sendLine(String kind, String line) {
    history.add(new Sent(version, plural(kind), JSON.createObjectNode(), line));
    notifyAll();
  }

  /** Tells all watches of a kind how far they are. */
  public synchronized void bookmark(String kind) {
    bookmark(kind, version);
  }

  public synchronized void bookmark(String kind, long at) {
    sendLine(
        kind,
        """
        {"type":"BOOKMARK","object":{"kind":"%s","metadata":{"name":"","resourceVersion":"%d"}}}
        """
            .formatted(kind, at));
  }

  /** Ends every watch in good order. */
  public synchronized void endWatches() {
    watchEpoch++;
    notifyAll();
  }

  /** Ends the watches of a kind in good order. */
  public synchronized void endWatches(String kind) {
    watchEpochs.merge(plural(kind), 1, Integer::sum);
    notifyAll();
  }

  private int epoch(Question question) {
    return watchEpoch + watchEpochs.getOrDefault(question.resource, 0);
  }

  public synchronized int openWatches() {
    return openWatches;
  }

  // ---- faults

  /** From now on who asks without this token gets 401; watches that are open go on. */
  public synchronized void takeOnly(String token) {
    authorization = "Bearer " + token;
  }

  private synchronized boolean isKnown(SeenRequest request) {
    return authorization.isEmpty() || authorization.equals(request.value("Authorization"));
  }

  /** The next requests whose target holds the text get this reply. */
  public synchronized void fault(String target, int times, Origin.Reply reply) {
    fault(text -> text.contains(target), times, reply);
  }

  /** The next requests whose decoded target is such a one get this reply. */
  public synchronized void fault(Predicate<String> target, int times, Origin.Reply reply) {
    faults.add(new Fault(target, new int[] {times}, reply));
  }

  /** The next lists of the kind are answered with a status. */
  public void refuseLists(String kind, int times, int status, String... fieldLines) {
    fault(plural(kind) + "?limit", times, refusing(status, fieldLines));
  }

  /** The next watches of the kind are answered with a status. */
  public void refuseWatches(String kind, int times, int status, String... fieldLines) {
    fault(plural(kind) + "?watch", times, refusing(status, fieldLines));
  }

  public static Origin.Reply refusing(int status, String... fieldLines) {
    String body = "{\"kind\":\"Status\",\"code\":%d,\"message\":\"on order\"}\n".formatted(status);
    return (request, connection) ->
        connection.send(Answers.withStatus(status, "On-Order", body, fieldLines));
  }

  /** All is well from now on. */
  public synchronized void heal() {
    faults.clear();
  }

  /** The targets of all requests so far, decoded. */
  public synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  public synchronized void clearAsked() {
    asked.clear();
  }

  /** Forgets what was asked and written, and the bytes of it: nothing grows with a long test. */
  public synchronized void forgetRequests() {
    asked.clear();
    writes.clear();
    origin.clear();
  }

  private synchronized @Nullable Fault fault(String target) {
    Fault found =
        faults.stream().filter(fault -> fault.target.test(target)).findFirst().orElse(null);
    if (found != null && --found.times[0] == 0) faults.remove(found);
    return found;
  }

  // ---- answers

  private void answer(SeenRequest request, OriginConnection connection) throws IOException {
    String target = URLDecoder.decode(request.target(), StandardCharsets.UTF_8);
    synchronized (this) {
      asked.add(target);
    }
    Fault fault = fault(target);
    if (fault != null) {
      fault.reply.to(request, connection);
    } else if (!isKnown(request)) {
      connection.send(status(401));
    } else if (!request.method().equals("GET") || !target.contains("?")) {
      connection.send(object(request));
    } else if (target.contains("?watch=1")) {
      watch(new Question(request.target()), connection);
    } else {
      connection.send(list(new Question(request.target())));
    }
  }

  // ---- one object, and what changes it

  /** What clients have changed or tried to change, in order; faults on order are not in it. */
  public synchronized List<SeenRequest> writes() {
    return List.copyOf(writes);
  }

  /** A missing node when there is none. */
  public synchronized JsonNode stored(String kind, String namespace, String name) {
    ObjectNode found = resource(kind).get(namespace + "/" + name);
    return found == null ? MissingNode.getInstance() : found.deepCopy();
  }

  /** Path: {@code …/namespaces/NAMESPACE[/PLURAL[/NAME[/status]]]}, or {@code …/PLURAL/NAME}. */
  private synchronized String object(SeenRequest request) {
    String bare = request.target().replaceFirst("[?].*", "");
    boolean isClusterScoped = !bare.contains("/namespaces/");
    String[] path =
        (isClusterScoped ? bare.replaceFirst("/(?=[^/]*/[^/]*$)", "/namespaces//") : bare)
            .split("/", -1);
    int at = List.of(path).indexOf("namespaces");
    if (path.length == at + 2) {
      ObjectNode namespace = resource("Namespace").get("/" + path[at + 1]);
      return namespace == null ? status(404) : json(200, namespace);
    }
    String name = path.length > at + 3 ? path[at + 3] : "";
    Map<String, ObjectNode> all = resources.computeIfAbsent(path[at + 2], p -> new TreeMap<>());
    ObjectNode found = all.get(path[at + 1] + "/" + name);
    if (request.method().equals("GET")) return found == null ? status(404) : json(200, found);
    writes.add(request);
    String text = new String(request.body(), StandardCharsets.UTF_8);
    if (request.method().equals("POST")) {
      ObjectNode created = object(text);
      ((ObjectNode) created.get("metadata")).put("namespace", path[at + 1]);
      if (all.containsKey(key(created))) return status(409);
      put(created.toString());
      return json(201, all.getOrDefault(key(created), created));
    }
    if (found == null) return status(404);
    JsonNode patch = object(text);
    for (String condition : List.of("resourceVersion", "uid")) {
      JsonNode wanted = patch.path("metadata").path(condition);
      if (!wanted.isMissingNode() && !wanted.equals(found.get("metadata").get(condition))) {
        return status(409);
      }
    }
    ObjectNode before = found.deepCopy();
    merge(found, patch);
    if (!found.equals(before)) {
      stamp(found);
      send(found, "MODIFIED");
    }
    return json(200, found);
  }

  private static void merge(ObjectNode into, JsonNode patch) {
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      JsonNode value = field.getValue();
      if (value.isObject() && into.get(field.getKey()) instanceof ObjectNode deeper) {
        merge(deeper, value);
      } else {
        into.set(field.getKey(), value);
      }
    }
  }

  private static String status(int code) {
    return Answers.withStatus(
        code, "Refused", "{\"kind\":\"Status\",\"code\":%d,\"message\":\"no\"}".formatted(code));
  }

  private static String json(int code, JsonNode object) {
    byte[] body = object.toString().getBytes(StandardCharsets.UTF_8);
    return Answers.withStatus(code, "Done", new String(body, StandardCharsets.ISO_8859_1));
  }

  private synchronized String list(Question question) {
    List<ObjectNode> matching =
        resources.getOrDefault(question.resource, new TreeMap<>()).values().stream()
            .filter(question::takes)
            .toList();
    int from = Integer.parseInt(question.value("continue", "0"));
    int to = Math.min(matching.size(), from + Integer.parseInt(question.value("limit", "500")));
    ObjectNode list = JSON.createObjectNode().put("kind", "List").put("apiVersion", "v1");
    ObjectNode metadata = list.putObject("metadata");
    metadata.put("resourceVersion", Long.toString(version));
    if (to < matching.size()) metadata.put("continue", Integer.toString(to));
    list.putArray("items").addAll(matching.subList(from, to));
    byte[] body = list.toString().getBytes(StandardCharsets.UTF_8);
    return Answers.withStatus(
        200, "OK", new String(body, StandardCharsets.ISO_8859_1), "Content-Type: application/json");
  }

  private void watch(Question question, OriginConnection connection) throws IOException {
    long from = Long.parseLong(question.value("resourceVersion", "0"));
    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    int epoch;
    int next = 0;
    synchronized (this) {
      epoch = epoch(question);
      openWatches++;
      if (from < oldest) {
        String gone =
            """
            {"type":"ERROR","object":{"kind":"Status","code":410,"message":"too old"}}
            """;
        connection.send(Answers.chunk(gone) + "0\r\n\r\n");
        openWatches--;
        return;
      }
      while (next < history.size() && history.get(next).version <= from) next++;
    }
    try {
      sendHistory(question, connection, epoch, next);
    } finally {
      synchronized (this) {
        openWatches--;
      }
    }
  }

  private void sendHistory(Question question, OriginConnection connection, int epoch, int first)
      throws IOException {
    News news = news(question, epoch, first);
    while (!news.isLast) {
      if (!news.lines.isEmpty()) {
        byte[] utf8 = news.lines.getBytes(StandardCharsets.UTF_8);
        connection.send(Answers.chunk(new String(utf8, StandardCharsets.ISO_8859_1)));
      }
      news = news(question, epoch, news.next);
    }
    connection.send("0\r\n\r\n");
  }

  /**
   * What a watch tells next.
   *
   * @param isLast the watch ends, and this is nothing
   * @param next where it goes on
   */
  private record News(boolean isLast, int next, String lines) {}

  /** Waits until there is something. */
  private synchronized News news(Question question, int epoch, int first) {
    try {
      while (first == history.size() && epoch == epoch(question)) wait();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new News(true, first, "");
    }
    if (epoch != epoch(question)) return new News(true, first, "");
    StringBuilder lines = new StringBuilder();
    int from = first > history.size() ? 0 : first; // the past may have been forgotten
    for (Sent sent : history.subList(from, history.size())) {
      boolean isMeant = sent.object.isEmpty() || question.takes(sent.object);
      if (sent.resource.equals(question.resource) && isMeant) lines.append(sent.line);
    }
    return new News(false, history.size(), lines.toString());
  }

  @Override
  public void close() {
    endWatches();
    origin.close();
  }

  /** What a request asks for. */
  private static final class Question {
    private final String resource;
    private final String namespace;
    private final Map<String, String> parameters = new TreeMap<>();

    Question(String target) {
      int mark = target.indexOf('?');
      String[] path = target.substring(0, mark).split("/", -1);
      resource = path[path.length - 1];
      boolean isNamespaced = path.length > 3 && path[path.length - 3].equals("namespaces");
      namespace = isNamespaced ? path[path.length - 2] : "";
      for (String parameter : target.substring(mark + 1).split("&", -1)) {
        String[] pair = parameter.split("=", 2);
        parameters.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
      }
    }

    String value(String name, String whenAbsent) {
      return parameters.getOrDefault(name, whenAbsent);
    }

    boolean takes(ObjectNode object) {
      JsonNode metadata = object.path("metadata");
      if (!namespace.isEmpty() && !namespace.equals(metadata.path("namespace").asText())) {
        return false;
      }
      String field = value("fieldSelector", "");
      if (field.startsWith("metadata.name=")) {
        return field.equals("metadata.name=" + metadata.path("name").asText());
      }
      if (field.startsWith("type=")) {
        return field.equals("type=" + object.path("type").asText());
      }
      String label = value("labelSelector", "");
      if (label.isEmpty()) return true;
      String[] pair = label.split("=", 2);
      return pair[1].equals(metadata.path("labels").path(pair[0]).asText());
    }
  }
}
