package dev.penstock.scenarios;

import dev.penstock.scenarios.http.Question;
import dev.penstock.scenarios.world.HostSpec;
import dev.penstock.scenarios.world.World;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** The hosts of a scenario, by number from 0, as they are served now. One thread. */
final class Hosts {
  private final World world;
  private final int backends;
  private final List<HostSpec> specs = new ArrayList<>();

  /**
   * Writes {@code count} hosts with a file each.
   *
   * @param withTls so many of them, the first ones, have a certificate of their own
   */
  Hosts(World world, int backends, int count, int withTls) throws IOException {
    this.world = world;
    this.backends = backends;
    for (int number = 0; number < count; number++) {
      HostSpec plain = HostSpec.plain(number, number % backends);
      put(number < withTls ? plain.withNewCertificate() : plain).rename();
    }
  }

  HostSpec get(int number) {
    return specs.get(number);
  }

  int count() {
    return specs.size();
  }

  /** Prepares a new host, numbered next, or a new form of one that is there. */
  World.Change put(HostSpec host) throws IOException {
    if (host.number() == specs.size()) specs.add(host);
    else specs.set(host.number(), host);
    return world.put(host);
  }

  /** A host that is not there yet. */
  HostSpec next() {
    return HostSpec.plain(specs.size(), specs.size() % backends);
  }

  /** Another backend than this host's. */
  int otherBackend(HostSpec host) {
    return (host.backend() + 1) % backends;
  }

  /** Requests for the hosts {@code from} to before {@code end} as they are now, at random. */
  Supplier<Question> questions(int from, int end, long seed) {
    List<Question> all = specs.subList(from, end).stream().map(host -> host.question(0)).toList();
    SplittableRandom random = new SplittableRandom(seed);
    return () -> all.get(random.nextInt(all.size()));
  }
}
