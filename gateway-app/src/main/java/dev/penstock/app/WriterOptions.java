package dev.penstock.app;

import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.PublishedAddress;
import dev.penstock.ingress.source.kubernetes.Election;
import dev.penstock.ingress.source.kubernetes.StatusSettings;
import dev.penstock.ingress.source.kubernetes.StatusSettings.Addresses;
import dev.penstock.ingress.source.kubernetes.WriterSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * The flags of what a cluster's gateway writes. But for {@code --events} they are ingress-nginx's.
 */
final class WriterOptions {
  /** Where the lease is when neither the flag nor the pod says so. */
  private static final String NAMESPACE = "penstock";

  private static final String LEASE = "penstock-leader";
  static final Duration TTL = Duration.ofSeconds(15);

  private WriterOptions() {}

  static CommandSpec declare(CommandSpec spec) {
    return spec.addOption(
            Flags.flag(
                "--update-status",
                true,
                "write addresses into the status of Ingresses, as the leader of the replicas"))
        .addOption(
            Flags.text(
                "--publish-status-address",
                "ADDRESSES",
                "these addresses or host names, separated by commas (default: none)"))
        .addOption(
            Flags.text(
                "--publish-service",
                "NAMESPACE/NAME",
                "the addresses of this Service, unless --publish-status-address is given (default:"
                    + " those of the nodes)"))
        .addOption(
            Flags.flag(
                "--report-node-internal-ip-address",
                "of nodes, publish the internal addresses though they have external ones"))
        .addOption(
            Flags.flag(
                "--update-status-on-shutdown", "the leader takes the addresses away when it ends"))
        .addOption(
            Flags.flag(
                "--events",
                true,
                "say what is wrong with objects as Events on them, as the leader of the replicas"))
        .addOption(
            Flags.text(
                "--election-id",
                "NAME",
                LEASE,
                "the Lease that the leader holds, NAME or NAMESPACE/NAME"))
        .addOption(
            Flags.duration("--election-ttl", TTL, "how long it holds after a renewal, from 15s"))
        .addOption(
            Flags.flag(
                "--disable-leader-election", "lead without a Lease: this is the only replica"));
  }

  /**
   * Empty when nothing is to be written.
   *
   * @param environment {@code POD_NAME} and {@code POD_NAMESPACE} by the downward API
   */
  static Optional<WriterSettings> of(ParseResult parsed, Map<String, String> environment)
      throws CliFailure {
    Election election = election(parsed, environment);
    boolean clearsAtEnd = isOn(parsed, "--update-status-on-shutdown");
    Optional<StatusSettings> status =
        addresses(parsed, environment)
            .filter(any -> isOn(parsed, "--update-status"))
            .map(from -> new StatusSettings(from, clearsAtEnd));
    boolean events = isOn(parsed, "--events");
    if (status.isEmpty() && !events) return Optional.empty();
    boolean isAlone = isOn(parsed, "--disable-leader-election");
    return Optional.of(
        new WriterSettings(
            identity(environment),
            isAlone ? Optional.empty() : Optional.of(election),
            status,
            events));
  }

  /** Two processes of one pod, one after the other, are two. */
  static String identity(Map<String, String> environment) {
    return environment.getOrDefault("POD_NAME", "penstock")
        + "_"
        + UUID.randomUUID().toString().substring(0, 8);
  }

  private static Election election(ParseResult parsed, Map<String, String> environment)
      throws CliFailure {
    Duration ttl = Flags.value(parsed, "--election-ttl", Duration.class);
    if (ttl.compareTo(Election.TTL_MIN) < 0 || ttl.compareTo(Election.TTL_MAX) > 0) {
      throw CliFailure.usage("--election-ttl must be 15s to 10m, was " + Durations.format(ttl));
    }
    ObjectKey lease =
        key("--election-id", Flags.value(parsed, "--election-id", String.class), true);
    String own = environment.getOrDefault("POD_NAMESPACE", NAMESPACE);
    return new Election(
        lease.namespace().isEmpty() ? new ObjectKey(own, lease.name()) : lease, ttl);
  }

  private static boolean isOn(ParseResult parsed, String flag) {
    return Flags.value(parsed, flag, Boolean.class);
  }

  /** The Service of the gateway; empty where none is given, or the command has no such flag. */
  static Optional<ObjectKey> service(ParseResult parsed) throws CliFailure {
    String flag = "--publish-service";
    if (parsed.commandSpec().findOption(flag) == null) return Optional.empty();
    String service = text(parsed, flag);
    return service.isEmpty() ? Optional.empty() : Optional.of(key(flag, service, false));
  }

  private static Optional<Addresses> addresses(ParseResult parsed, Map<String, String> environment)
      throws CliFailure {
    String fixed = text(parsed, "--publish-status-address");
    List<String> all = Arrays.stream(fixed.split(",", -1)).map(String::strip).toList();
    Optional<Addresses> service = service(parsed).map(Addresses.OfService::new);
    if (!fixed.isEmpty()) {
      for (String one : all) {
        if (PublishedAddress.isOne(one)) continue;
        throw CliFailure.usage(
            "--publish-status-address '" + one + "' is neither an IP address nor a host name");
      }
      return Optional.of(new Addresses.Fixed(all.stream().map(PublishedAddress::of).toList()));
    }
    if (service.isPresent()) return service;
    String name = environment.getOrDefault("POD_NAME", "");
    String namespace = environment.getOrDefault("POD_NAMESPACE", "");
    if (name.isEmpty() || namespace.isEmpty()) return Optional.empty(); // it is no pod
    return Optional.of(
        new Addresses.OfNodes(
            new ObjectKey(namespace, name), isOn(parsed, "--report-node-internal-ip-address")));
  }

  static ObjectKey key(String flag, String text, boolean isNameEnough) throws CliFailure {
    int slash = text.indexOf('/');
    String namespace = slash < 0 ? "" : text.substring(0, slash);
    String name = text.substring(slash + 1);
    boolean isNamespace =
        slash < 0 ? isNameEnough : ObjectKey.isName(namespace) && namespace.indexOf('.') < 0;
    if (isNamespace && ObjectKey.isName(name)) return new ObjectKey(namespace, name);
    throw CliFailure.usage(
        flag
            + " '"
            + text
            + "' is not "
            + (isNameEnough ? "NAME or NAMESPACE/NAME" : "NAMESPACE/NAME")
            + " of lower-case letters, digits, '-' and '.'");
  }

  private static String text(ParseResult parsed, String flag) {
    return Optional.ofNullable(Flags.valueOrNull(parsed, flag, String.class)).orElse("").strip();
  }
}
