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
 *
 * @param status empty = none is written
 * @param lease of the election; without a namespace it is in the pod's
 */
record WriterOptions(
    Optional<StatusSettings> status, boolean events, ObjectKey lease, Duration ttl) {
  /** Where the lease is when neither the flag nor the pod says so. */
  private static final String NAMESPACE = "penstock";

  private static final String LEASE = "penstock-leader";
  private static final Duration TTL = Duration.ofSeconds(15);
  private static final List<String> ON = List.of("true", "false");
  private static final List<String> OFF = List.of("false", "true");

  static CommandSpec declare(CommandSpec spec) {
    return spec.addOption(
            Flags.choice(
                List.of("--update-status"),
                "BOOLEAN",
                ON,
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
                    + " none)"))
        .addOption(
            Flags.choice(
                List.of("--update-status-on-shutdown"),
                "BOOLEAN",
                OFF,
                "the leader takes the addresses away when it ends"))
        .addOption(
            Flags.choice(
                List.of("--events"),
                "BOOLEAN",
                ON,
                "say what is wrong with objects as Events on them, as the leader of the replicas"))
        .addOption(
            Flags.text(
                "--election-id",
                "NAME",
                LEASE,
                "the Lease that the leader holds, NAME or NAMESPACE/NAME"))
        .addOption(
            Flags.duration("--election-ttl", TTL, "how long it holds after a renewal, from 15s"));
  }

  static WriterOptions of(ParseResult parsed) throws CliFailure {
    Duration ttl = Flags.value(parsed, "--election-ttl", Duration.class);
    if (ttl.compareTo(Election.TTL_MIN) < 0 || ttl.compareTo(Election.TTL_MAX) > 0) {
      throw CliFailure.usage("--election-ttl must be 15s to 10m, was " + Durations.format(ttl));
    }
    Optional<Addresses> addresses = addresses(parsed);
    boolean clearsAtEnd = isOn(parsed, "--update-status-on-shutdown");
    return new WriterOptions(
        addresses
            .filter(any -> isOn(parsed, "--update-status"))
            .map(from -> new StatusSettings(from, clearsAtEnd)),
        isOn(parsed, "--events"),
        key("--election-id", Flags.value(parsed, "--election-id", String.class), true),
        ttl);
  }

  private static boolean isOn(ParseResult parsed, String flag) {
    return Flags.value(parsed, flag, String.class).equals("true");
  }

  private static Optional<Addresses> addresses(ParseResult parsed) throws CliFailure {
    String fixed = text(parsed, "--publish-status-address");
    List<String> all = Arrays.stream(fixed.split(",", -1)).map(String::strip).toList();
    String service = text(parsed, "--publish-service");
    if (!fixed.isEmpty()) {
      for (String one : all) {
        if (!PublishedAddress.of(one).ip().isEmpty() || ObjectKey.isName(one)) continue;
        throw CliFailure.usage(
            "--publish-status-address '" + one + "' is neither an IP address nor a host name");
      }
      return Optional.of(new Addresses.Fixed(all.stream().map(PublishedAddress::of).toList()));
    }
    if (service.isEmpty()) return Optional.empty();
    return Optional.of(new Addresses.OfService(key("--publish-service", service, false)));
  }

  private static ObjectKey key(String flag, String text, boolean isNameEnough) throws CliFailure {
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

  /**
   * Empty when nothing is to be written.
   *
   * @param environment {@code POD_NAME} and {@code POD_NAMESPACE} by the downward API
   */
  Optional<WriterSettings> settings(Map<String, String> environment) {
    if (status.isEmpty() && !events) return Optional.empty();
    String namespace =
        lease.namespace().isEmpty()
            ? environment.getOrDefault("POD_NAMESPACE", NAMESPACE)
            : lease.namespace();
    // Two processes of one pod, one after the other, are two.
    String identity =
        environment.getOrDefault("POD_NAME", "penstock")
            + "_"
            + UUID.randomUUID().toString().substring(0, 8);
    Election election = new Election(new ObjectKey(namespace, lease.name()), identity, ttl);
    return Optional.of(new WriterSettings(election, status, events));
  }
}
