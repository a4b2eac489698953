package dev.penstock.core.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.HostPattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostTableTest {
  private static final List<HostPattern> HOSTS =
      List.of(
          HostPattern.ANY,
          new HostPattern("foo.com"),
          new HostPattern("*.foo.com"),
          new HostPattern("bar.foo.com"),
          new HostPattern("*.bar.foo.com"),
          new HostPattern("localhost"));

  private static final HostTable<HostPattern> TABLE = HostTable.of(HOSTS, HOSTS);

  @ParameterizedTest(name = "{0} is served by {1}")
  @CsvSource({
    "foo.com, foo.com",
    "FOO.cOm, foo.com",
    "foo.com., foo.com",
    "foo.com.., *",
    "bar.foo.com, bar.foo.com",
    "Bar.Foo.Com., bar.foo.com",
    "baz.foo.com, *.foo.com",
    "BAZ.FOO.COM, *.foo.com",
    "x.bar.foo.com, *.bar.foo.com",
    "x.baz.foo.com, *",
    "x.y.bar.foo.com, *",
    ".foo.com, *",
    ".bar.foo.com, *",
    "*.foo.com, *.foo.com",
    "barfoo.com, *",
    "oo.com, *",
    "com, *",
    "localhost, localhost",
    "localhost., localhost",
    "x.localhost, *",
    "'', *",
    "., *",
    ".., *",
    "[::1], *",
    "127.0.0.1, *",
    "foo.com:80, *",
  })
  void preciseThenWildcardOfOneLabelThenDefault(String name, String served) {
    assertThat(find(TABLE, name)).hasToString(served);
  }

  @Test
  void withoutADefaultAnUnknownHostHasNoValue() {
    List<HostPattern> hosts = List.of(new HostPattern("foo.com"));
    HostTable<HostPattern> table = HostTable.of(hosts, hosts);
    assertThat(find(table, "bar.com")).isNull();
    assertThat(find(table, "")).isNull();
  }

  @Test
  void aNameLongerThanANameCanBeIsNobodys() {
    assertThat(find(TABLE, "x".repeat(254 - ".foo.com".length()) + ".foo.com")).hasToString("*");
    assertThat(find(TABLE, "x".repeat(8_000))).hasToString("*");
  }

  @Test
  void onlyTheNamedPartOfTheBufferIsRead() {
    byte[] bytes = "xfoo.comx".getBytes(StandardCharsets.US_ASCII);
    assertThat(TABLE.find(bytes, 1, 8)).hasToString("foo.com");
  }

  @Test
  void otherValuesForTheSameHostsAreFoundInTheirPlace() {
    List<Integer> values = List.of(0, 1, 2, 3, 4, 5);
    assertThat(find(TABLE.with(HOSTS, values), "baz.foo.com")).isEqualTo(2);
    assertThat(find(TABLE.with(HOSTS.subList(0, 3), values.subList(0, 3)), "x.bar.foo.com"))
        .isEqualTo(0);
  }

  @Test
  void aTableChangedHostByHostFindsWhatOneMadeAtOnceFinds() {
    Random random = new Random(4);
    List<HostPattern> hosts = List.of();
    HostTable<HostPattern> table = HostTable.of(hosts, hosts);
    for (int change = 0; change < 300; change++) {
      hosts = changed(hosts, random);
      table = table.with(hosts, hosts);
      HostTable<HostPattern> atOnce = HostTable.of(hosts, hosts);
      for (int i = 0; i < NAMES; i++) {
        String name = name(i).replace('*', 'x');
        assertThat(find(table, name))
            .as("%s, change %d", name, change)
            .isSameAs(find(atOnce, name));
      }
    }
  }

  /** Some leave, some come, and now and then all are in another order. */
  private static List<HostPattern> changed(List<HostPattern> hosts, Random random) {
    Set<HostPattern> next = new LinkedHashSet<>(hosts);
    for (int n = random.nextInt(4); n > 0; n--)
      next.add(new HostPattern(name(random.nextInt(NAMES))));
    if (random.nextInt(9) == 0) next.add(HostPattern.ANY);
    for (int n = random.nextInt(4); n > 0; n--)
      next.remove(new HostPattern(name(random.nextInt(NAMES))));
    if (random.nextInt(30) == 0) next.clear();
    List<HostPattern> ordered = new ArrayList<>(next);
    if (random.nextInt(5) == 0) Collections.shuffle(ordered, random);
    else Collections.sort(ordered);
    return ordered;
  }

  private static final int NAMES = 200;

  private static String name(int number) {
    return (number % 7 == 0 ? "*." : "") + "host" + number + ".test";
  }

  private static <V> @Nullable V find(HostTable<V> table, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    return table.find(bytes, 0, bytes.length);
  }
}
