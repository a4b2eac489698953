package dev.penstock.app;

import dev.penstock.model.GatewayConfig;
import dev.penstock.model.Listener;
import dev.penstock.model.VirtualHost;
import java.time.Duration;
import java.util.List;

/** What is told of a process that serves, and how it goes on until it is told to stop. */
final class Serving {
  /** How often the drain looks whether it is done; the issue of ending allows a second. */
  private static final Duration TICK = Duration.ofMillis(20);

  /** Hosts that are listed at the start; {@code penstock routes} lists all. */
  private static final int HOSTS_SHOWN = 10;

  private Serving() {}

  /**
   * Serves until a signal, drains, and gives back the exit code.
   *
   * @param from where what is served comes from, and how much is wrong with it
   */
  static int untilStopped(
      GatewayProcess gateway, ServeOptions options, String from, Terminal terminal)
      throws InterruptedException {
    report(gateway, options, from, terminal);
    return drain(gateway, options, gateway.stopSignals(), terminal);
  }

  private static int drain(
      GatewayProcess gateway, ServeOptions options, StopSignals signals, Terminal terminal)
      throws InterruptedException {
    DrainSequence sequence = new DrainSequence(gateway, options.drainMin(), options.drainTimeout());
    int first = signals.take();
    terminal
        .err()
        .println(
            "signal %d: connections are accepted for %s, requests may take %s; again to end at once"
                .formatted(
                    first,
                    Durations.format(options.drainMin()),
                    Durations.format(options.drainTimeout())));
    sequence.onSignal(first, System.nanoTime());
    while (sequence.step(System.nanoTime()) != DrainSequence.Phase.ENDED) {
      Integer signal = signals.poll(TICK);
      if (signal != null) sequence.onSignal(signal, System.nanoTime());
    }
    terminal
        .err()
        .println(
            sequence.cutRequests() == 0
                ? "ended, every request was answered"
                : "ended, " + Manifests.counted(sequence.cutRequests(), "request") + " cut");
    return sequence.exitCode();
  }

  private static void report(
      GatewayProcess gateway, ServeOptions options, String from, Terminal terminal) {
    GatewayConfig config = gateway.served().config();
    int routes = config.hosts().stream().mapToInt(host -> host.routes().size()).sum();
    StringBuilder text = new StringBuilder();
    text.append("penstock ").append(VersionCommand.version()).append(" serves ");
    text.append(Manifests.counted(routes, "route")).append(" of ");
    text.append(Manifests.counted(config.hosts().size(), "host")).append(" from ");
    text.append(from).append("\n");
    for (Listener listener : options.listeners()) {
      text.append("  %-5s  %s".formatted(listener.name(), url(listener, gateway)));
      text.append(", port ").append(listener.publicPort()).append(" for clients\n");
    }
    text.append("  admin  http://").append(authority(options.adminBind(), gateway.adminPort()));
    text.append("/  healthz, readyz, metrics, config\n");
    text.append("  hosts  ").append(hosts(config.hosts()));
    terminal.err().println(text);
  }

  private static String url(Listener listener, GatewayProcess gateway) {
    return listener.scheme() + "://" + authority(listener.address(), gateway.port(listener.name()));
  }

  private static String authority(String address, int port) {
    return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
  }

  private static String hosts(List<VirtualHost> hosts) {
    if (hosts.isEmpty()) return "none yet: every request is answered 404";
    List<String> shown =
        hosts.stream().limit(HOSTS_SHOWN).map(host -> host.host().toString()).toList();
    int more = hosts.size() - shown.size();
    return String.join(", ", shown) + (more == 0 ? "" : " and " + more + " more");
  }
}
