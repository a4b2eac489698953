package dev.penstock.ingress.source.kubernetes;

import static dev.penstock.ingress.source.kubernetes.ApiObjects.ingress;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.ApiKind;
import dev.penstock.ingress.source.ApiObject;
import dev.penstock.ingress.source.IngressObject;
import dev.penstock.ingress.source.ObjectKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of objects that were given up: here all of them. */
class KindLoopTest {
  private static final int COUNT = 20;
  private static final ObjectKey FIRST = new ObjectKey("many", "i0");

  private final SourceFixture cluster = SourceFixture.empty(KubernetesScope.CLUSTER, false);
  private final List<Long> gathered = new ArrayList<>();
  private int changes;
  private final KindLoop<IngressObject> loop =
      new KindLoop<>(
          new Target<>(ApiKind.INGRESS, "", ""),
          cluster.machinery,
          new KindLoopOwner() {
            @Override
            public void gathered() {
              gathered.add(loop().held().cost());
            }

            @Override
            public void changed(KindLoop<?> other) {
              changes++;
            }

            @Override
            public void failing(KindLoop<?> other, String why) {}

            @Override
            public void following(KindLoop<?> other) {}
          },
          false,
          false,
          ReadRoom.ofItsOwn());

  private KindLoop<IngressObject> loop() {
    return loop;
  }

  @BeforeEach
  void follow() {
    for (int i = 0; i < COUNT; i++) {
      cluster.api.put(ingress("many", "i" + i, "h" + i + ".example.com"));
    }
    cluster.time.execute(loop::start);
    cluster.time.passUntil("all", Duration.ofSeconds(5), () -> loop.objects().size() == COUNT);
    cluster.time.runQuiet();
  }

  @AfterEach
  void close() {
    cluster.time.execute(loop::stop);
    cluster.time.runQuiet();
    cluster.close();
  }

  private @Nullable ApiObject<IngressObject> first() {
    return loop.objects().get(FIRST);
  }

  private void giveUpAll() {
    for (ApiObject<IngressObject> object : List.copyOf(loop.objects().all())) {
      ApiObject<IngressObject> less = ApiKind.INGRESS.less(object);
      if (less != null) loop.objects().put(less);
    }
  }

  private Set<ObjectKey> whole() {
    return loop.objects().all().stream()
        .filter(object -> !object.isLeftOut())
        .map(ApiObject::key)
        .collect(Collectors.toSet());
  }

  @Test
  void aListNeitherBringsThemBackNorHoldsThemMeanwhile() {
    long allOfThem = loop.objects().cost();
    giveUpAll();
    gathered.clear();
    cluster.api.put(ingress("many", "i0", "other.example.com"));
    cluster.api.compact();
    cluster.api.endWatches();
    cluster.time.passUntil("a list", Duration.ofSeconds(5), () -> !gathered.isEmpty());
    cluster.time.runQuiet();

    assertThat(whole()).containsExactly(FIRST);
    assertThat(gathered)
        .singleElement()
        .satisfies(cost -> assertThat(cost).isLessThan(allOfThem / 2));
  }

  @Test
  void oneIsTakenBackUnlessItIsAnotherByNow() {
    ApiObject<IngressObject> before = Objects.requireNonNull(first());
    giveUpAll();
    changes = 0;
    loop.takeBack(before);
    assertThat(whole()).containsExactly(FIRST);
    assertThat(changes).isEqualTo(1);

    cluster.api.put(ingress("many", "i0", "other.example.com"));
    cluster.time.passUntil("it", Duration.ofSeconds(5), () -> changes == 2);
    giveUpAll();
    loop.takeBack(before);
    assertThat(whole()).isEmpty();
    assertThat(changes).isEqualTo(2);
  }

  @Test
  void oneThatIsGoneIsNotTakenBack() {
    ApiObject<IngressObject> before = Objects.requireNonNull(first());
    giveUpAll();
    cluster.api.delete("Ingress", "many", "i0");
    cluster.time.passUntil("it", Duration.ofSeconds(5), () -> first() == null);
    loop.takeBack(before);

    assertThat(first()).isNull();
  }
}
