package dev.penstock.ingress.source.kubernetes;

import dev.penstock.model.text.Quote;
import dev.penstock.model.text.Suggestion;
import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.Context;
import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.OAuthTokenProvider;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import io.fabric8.kubernetes.client.utils.Utils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Kubeconfigs as kubectl reads them. The client passes over what it does not find in one, and asks
 * {@code kubernetes.default.svc}, or as nobody: here that is refused, with the file and the field.
 */
final class Kubeconfig {
  /** What a name of one of the lists stands for, and the file that says so. */
  private record Entry<T>(Path file, String name, T value) {}

  /** Of several the first that says something is right, as with kubectl. */
  private final Map<Path, io.fabric8.kubernetes.api.model.Config> files = new LinkedHashMap<>();

  private Kubeconfig(List<Path> paths) throws IOException {
    for (Path path : paths) {
      String fault = fault(path);
      if (!fault.isEmpty()) throw new IOException(path + fault);
      files.put(path, KubeConfigUtils.parseConfig(path.toFile()));
    }
  }

  /**
   * How to reach the cluster.
   *
   * @param given a file; null = those of {@code KUBECONFIG}, or {@code ~/.kube/config}; without any
   *     of them the pod's service account
   * @param context null = the current one
   * @throws IOException when it is not said how; the message is for the operator
   */
  static Config read(@Nullable Path given, @Nullable String context) throws IOException {
    List<Path> paths = given == null ? usualFiles() : List.of(given);
    if (paths.isEmpty()) return ofPod(context);
    Optional<Entry<AuthInfo>> user = new Kubeconfig(paths).checkedUser(context);
    Config config =
        given == null
            ? Config.autoConfigure(context)
            : Config.fromKubeconfig(context, given.toFile());
    if (user.isPresent()) requireCredential(user.get(), config);
    user.filter(found -> asksPlugin(found.value))
        .map(found ->
            new ExecToken(
                new ExecPlugin(found.file, found.value.getExec()),
                Objects.requireNonNullElse(config.getAutoOAuthToken(), ""),
                System::nanoTime))
        .ifPresent(config::setOauthTokenProvider);
    // The client does not know of it.
    user.filter(found -> isGiven(found.value.getTokenFile()))
        .map(found -> new TokenFile(found.file.resolveSibling(found.value.getTokenFile())))
        .ifPresent(config::setOauthTokenProvider);
    return config;
  }

  private static List<Path> usualFiles() {
    String property = Config.KUBERNETES_AUTH_TRYKUBECONFIG_SYSTEM_PROPERTY;
    if (!Utils.getSystemPropertyOrEnvVar(property, true)) return List.of();
    return Config.getKubeconfigFilenames().stream()
        .map(Path::of)
        .filter(Files::isRegularFile)
        .toList();
  }

  private static Config ofPod(@Nullable String context) throws IOException {
    Config config = Config.autoConfigure(null);
    boolean isKnown =
        config.getAutoOAuthToken() != null
            || !config.getMasterUrl().startsWith(Config.DEFAULT_MASTER_URL);
    if (isKnown && context == null) return config;
    throw new IOException(
        "there is no kubeconfig "
            + String.join(", ", Config.getKubeconfigFilenames())
            + (isKnown ? "" : ", and no service account of a pod"));
  }

  /** Who asks; empty = nobody. */
  private Optional<Entry<AuthInfo>> checkedUser(@Nullable String given) throws IOException {
    String field = given == null ? "current-context" : "--context";
    String name = given == null ? currentContext() : given;
    Map<String, Entry<Context>> contexts =
        entries(
            io.fabric8.kubernetes.api.model.Config::getContexts,
            NamedContext::getName,
            NamedContext::getContext);
    Context context = find(contexts, "context", name, field).value;
    field = "contexts[" + name + "].context.";

    Map<String, Entry<Cluster>> clusters =
        entries(
            io.fabric8.kubernetes.api.model.Config::getClusters,
            NamedCluster::getName,
            NamedCluster::getCluster);
    checkCluster(find(clusters, "cluster", context.getCluster(), field + "cluster"));

    if (!isGiven(context.getUser())) return Optional.empty();
    Map<String, Entry<AuthInfo>> users =
        entries(
            io.fabric8.kubernetes.api.model.Config::getUsers,
            NamedAuthInfo::getName,
            NamedAuthInfo::getUser);
    Entry<AuthInfo> user = find(users, "user", context.getUser(), field + "user");
    checkUser(user);
    return Optional.of(user);
  }

  private static void checkCluster(Entry<Cluster> cluster) throws IOException {
    String field = "clusters[" + cluster.name + "].cluster.";
    Cluster value = cluster.value;
    if (!isGiven(value.getServer())) throw refused(cluster.file, field + "server", "is missing");
    if (isGiven(value.getCertificateAuthorityData())) return;
    checkFile(cluster.file, field + "certificate-authority", value.getCertificateAuthority());
  }

  private static void checkUser(Entry<AuthInfo> user) throws IOException {
    String field = "users[" + user.name + "].user.";
    AuthInfo value = user.value;
    checkFile(user.file, field + "tokenFile", value.getTokenFile());
    if (!isGiven(value.getClientCertificateData())) {
      checkFile(user.file, field + "client-certificate", value.getClientCertificate());
    }
    if (!isGiven(value.getClientKeyData())) {
      checkFile(user.file, field + "client-key", value.getClientKey());
    }
    if (!asksPlugin(value)) return;
    try {
      new ExecPlugin(user.file, value.getExec()).run(ExecPlugin.FIRST_END_MAX);
    } catch (IOException failed) {
      throw refused(user.file, field + "exec", String.valueOf(failed.getMessage()));
    }
  }

  private static boolean asksPlugin(AuthInfo user) {
    return user.getExec() != null && user.getAuthProvider() == null;
  }

  private static void requireCredential(Entry<AuthInfo> user, Config config) throws IOException {
    boolean isThere = isGiven(config.getAutoOAuthToken()) || isGiven(config.getClientCertData());
    if (isThere || !asksPlugin(user.value)) return;
    ExecConfig exec = user.value.getExec();
    throw refused(
        user.file,
        "users[" + user.name + "].user.exec",
        Quote.of(exec.getCommand())
            + " gave neither a token nor a certificate: what it writes, its standard error"
            + " included, has to be an ExecCredential of "
            + Quote.of(String.valueOf(exec.getApiVersion())));
  }

  private static void checkFile(Path kubeconfig, String field, @Nullable String name)
      throws IOException {
    if (!isGiven(name)) return;
    Path file = kubeconfig.resolveSibling(name);
    String fault = fault(file);
    if (!fault.isEmpty()) throw refused(kubeconfig, field, file + fault);
  }

  private String currentContext() {
    return files.values().stream()
        .map(io.fabric8.kubernetes.api.model.Config::getCurrentContext)
        .filter(Kubeconfig::isGiven)
        .findFirst()
        .orElse("");
  }

  private <N, T> Map<String, Entry<T>> entries(
      Function<io.fabric8.kubernetes.api.model.Config, @Nullable List<N>> list,
      Function<N, @Nullable String> name,
      Function<N, @Nullable T> value) {
    Map<String, Entry<T>> found = new LinkedHashMap<>();
    files.forEach((file, content) -> {
      List<N> all = list.apply(content);
      for (N each : all == null ? List.<N>of() : all) {
        T held = value.apply(each);
        String called = name.apply(each);
        if (held != null && called != null)
          found.putIfAbsent(called, new Entry<>(file, called, held));
      }
    });
    return found;
  }

  private <T> Entry<T> find(
      Map<String, Entry<T>> entries, String kind, @Nullable String name, String field)
      throws IOException {
    Entry<T> found = entries.get(name);
    if (found != null) return found;
    throw new IOException(
        files.keySet().stream().map(Path::toString).collect(Collectors.joining(", "))
            + ": "
            + field
            + (name == null || name.isEmpty()
                ? " is missing"
                : ": there is no " + kind + " " + Quote.of(name))
            + "; there are: "
            + Suggestion.list(entries.keySet()));
  }

  private static boolean isGiven(@Nullable String text) {
    return text != null && !text.isBlank();
  }

  /** Empty = it can be read and says something. */
  private static String fault(Path file) throws IOException {
    if (!Files.isReadable(file) || !Files.isRegularFile(file)) return " cannot be read";
    return Files.size(file) == 0 ? " is empty" : "";
  }

  private static IOException refused(Path file, String field, String why) {
    return new IOException(file + ": " + field + ": " + why);
  }

  /**
   * Read at each request, since whoever wrote it replaces it; what it held last stands meanwhile.
   */
  private static final class TokenFile implements OAuthTokenProvider {
    private final Path file;
    private volatile String last = "";

    TokenFile(Path file) {
      this.file = file;
    }

    @Override
    public String getToken() {
      try {
        String token = Files.readString(file).strip();
        if (!token.isEmpty()) last = token;
      } catch (IOException replaced) {
        // the server says when the last one is too old
      }
      return last;
    }
  }
}
