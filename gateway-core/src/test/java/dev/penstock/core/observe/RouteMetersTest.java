package dev.penstock.core.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteMetersTest {
  private static final int GET_200 = RouteMeters.pair(200, MethodLabel.GET);
  private final RouteMeterTable table = new RouteMeterTable(2, MetricsMode.BOTH);

  private static void hit(RouteMeters meters, int loop, ExchangeRecord record) {
    meters.cell(loop).begin();
    meters.cell(loop).record(record);
  }

  private static List<RouteMeters> scrape(RouteMeterTable table) {
    List<RouteMeters> shown = table.shown();
    table.scraped();
    return shown;
  }

  private static ExchangeRecord get(int status) {
    return Samples.answered("GET / HTTP/1.1", status, 1_000_000);
  }

  @Test
  void theCellsOfAllLoopsAreAddedUp() {
    RouteMeters meters = table.acquire(Samples.route("a.test", "/"));
    for (int i = 0; i < 3; i++) {
      ExchangeRecord record = get(200);
      record.requestLength = 100;
      record.bytesSent = 1000;
      hit(meters, i % 2, record);
    }
    RouteMeters.Totals totals = meters.totals(GET_200);
    assertThat(totals.count()).isEqualTo(3);
    assertThat(totals.durations().sum()).isEqualTo(3_000_000);
    assertThat(totals.requestBytes()).isEqualTo(300);
    assertThat(totals.sentBytes()).isEqualTo(3000);
  }

  @Test
  void twoLoopsAtOnceLoseNoRequest() throws InterruptedException {
    RouteMeters meters = table.acquire(Samples.route("a.test", "/"));
    Thread[] loops = new Thread[2];
    for (int i = 0; i < 2; i++) {
      int loop = i;
      loops[i] =
          new Thread(() -> {
            for (int n = 0; n < 100_000; n++) hit(meters, loop, get(200 + n % 7));
          });
      loops[i].start();
    }
    for (Thread loop : loops) loop.join();
    long sum = 0;
    for (int pair : meters.grantedPairs()) sum += meters.totals(pair).count();
    assertThat(sum).isEqualTo(200_000);
    assertThat(meters.grantedPairs()).hasSize(7).doesNotHaveDuplicates();
    assertThat(table.series()).isEqualTo(17 + 20 + 7 * 16);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "5000000,0",
    "5000001,1",
    "10000000,1",
    "1000000000,7",
    "10000000000,10",
    "10000000001,11",
    "9000000000000,11"
  })
  void aDurationFallsIntoTheBucketThatIncludesItsBound(long nanos, int bucket) {
    RouteMeters meters = table.acquire(Samples.route("a.test", "/"));
    hit(meters, 0, Samples.answered("GET / HTTP/1.1", 200, nanos));
    assertThat(meters.totals(GET_200).durations().counts()[bucket]).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "GET / HTTP/1.1,GET",
    "HEAD / HTTP/1.1,HEAD",
    "POST / HTTP/1.1,POST",
    "PUT / HTTP/1.1,PUT",
    "DELETE / HTTP/1.1,DELETE",
    "CONNECT a:1 HTTP/1.1,CONNECT",
    "OPTIONS * HTTP/1.1,OPTIONS",
    "TRACE / HTTP/1.1,TRACE",
    "PATCH / HTTP/1.1,PATCH",
    "PURGE / HTTP/1.1,OTHER",
    "GETS / HTTP/1.1,OTHER",
    "get / HTTP/1.1,OTHER",
    "GET,OTHER",
    "PO,OTHER",
    "POST,OTHER"
  })
  void onlyKnownMethodsAreLabels(String line, String method) {
    RouteMeters meters = table.acquire(Samples.route("a.test", "/"));
    hit(meters, 0, Samples.answered(line, 200, 0));
    assertThat(RouteMeters.methodOf(meters.grantedPairs()[0])).isEqualTo(method);
  }

  @Test
  void aBackendWithTooManyStatusesIsCountedByClass() {
    RouteMeters meters = table.acquire(Samples.route("a.test", "/"));
    for (int status = 200; status < 600; status++) hit(meters, 0, get(status));
    long sum = 0;
    for (int pair : meters.grantedPairs()) sum += meters.totals(pair).count();
    assertThat(sum).isEqualTo(400);
    assertThat(meters.grantedPairs()).hasSizeLessThan(64);
    assertThat(meters.totals(RouteMeters.pair(5, MethodLabel.OTHER)).count()).isEqualTo(100);
    assertThat(RouteMeters.statusOf(RouteMeters.pair(5, MethodLabel.OTHER))).isEqualTo("5xx");
  }

  @Test
  void theStatusesThatARouteTellsApartAreBoundedOverAllLoops() {
    RouteMeters meters = table.acquire(Samples.route("a.test", "/"));
    for (int status = 200; status < 400; status++) hit(meters, status % 2, get(status));
    assertThat(meters.grantedPairs()).hasSizeLessThanOrEqualTo(48 + 2);
    long sum = 0;
    for (int pair : meters.grantedPairs()) sum += meters.totals(pair).count();
    assertThat(sum).isEqualTo(200);
  }

  @Test
  void theLastTryIsWhatTheBackendTook() {
    RouteMeters meters = table.acquire(Samples.route("a.test", "/"));
    hit(meters, 0, Samples.full());
    hit(meters, 0, Samples.answered("POST / HTTP/1.1", 201, 5)); // nobody was asked
    RouteMeters.Totals totals = meters.totals(RouteMeters.pair(201, MethodLabel.POST));
    assertThat(totals.count()).isEqualTo(2);
    assertThat(Arrays.stream(totals.responses().counts()).sum()).isEqualTo(1);
    assertThat(totals.responses().sum()).isEqualTo(1_200_000_000);
  }

  @Test
  void sizesAndPhasesAreCountedOnDemand() {
    RouteMeterTable full = new RouteMeterTable(1, new MetricsOptions(MetricsMode.BOTH, true, 1000));
    RouteMeters meters = full.acquire(Samples.route("a.test", "/"));
    ExchangeRecord record = Samples.full();
    record.requestLength = 20;
    record.bytesSent = 101;
    hit(meters, 0, record);
    RouteMeters.Totals totals = meters.totals(RouteMeters.pair(201, MethodLabel.POST));
    assertThat(totals.connects().sum()).isEqualTo(1_000_000);
    assertThat(totals.headers().sum()).isEqualTo(897_000_000);
    assertThat(totals.requestLengths().counts()[1]).isEqualTo(1);
    assertThat(totals.sentLengths().counts()[10]).isEqualTo(1);
    assertThat(totals.sentSizes().counts()[2]).isEqualTo(1);
    assertThat(totals.sentSizes().sum()).isEqualTo(101);
  }

  @Test
  void everyRequestIsCountedWhereverItEnds() {
    ExchangeRecord flagged = get(503);
    flagged.flag = ResponseFlag.NO_ENDPOINT;
    RouteMeters deleted = table.acquire(Samples.route("a.test", "/"));
    hit(deleted, 0, get(200));
    table.release(deleted);
    for (int i = 0; i < 3; i++) scrape(table);
    hit(table.unmatched(), 1, flagged);
    assertThat(table.requests()).isEqualTo(2);
  }

  @Test
  void whatHasBegunAndNotEndedIsInFlight() {
    RouteMeters meters = table.acquire(Samples.route("a.test", "/"));
    meters.cell(0).begin();
    meters.cell(0).begin();
    meters.cell(1).begin();
    meters.cell(0).record(get(200));
    assertThat(meters.inFlight()).isEqualTo(2);
  }

  @Test
  void aRouteIsShownFromItsFirstRequestOnAndDeletedWhenItsLastHasEnded() {
    RouteMeters meters = table.acquire(Samples.route("a.test", "/"));
    assertThat(meters.isShown()).isFalse();
    meters.cell(0).begin();
    assertThat(meters.isShown()).isTrue();
    assertThat(table.series()).isEqualTo(17);
    table.release(meters);
    for (int i = 0; i < 5; i++) assertThat(scrape(table)).contains(meters);
    meters.cell(0).record(get(200));
    scrape(table);
    assertThat(scrape(table)).doesNotContain(meters);
    assertThat(table.series()).isZero();
  }

  @Test
  void flagsAreCountedOverAllRoutes() {
    ExchangeRecord record = get(503);
    record.flag = ResponseFlag.NO_ENDPOINT;
    hit(table.acquire(Samples.route("a.test", "/")), 0, record);
    hit(table.unmatched(), 1, record);
    assertThat(table.flagged(ResponseFlag.NO_ENDPOINT)).isEqualTo(2);
    assertThat(table.flagged(ResponseFlag.UPSTREAM_RESET)).isZero();
  }

  @Test
  void aRecompiledRouteGoesOnCounting() {
    RouteMeters before = table.acquire(Samples.route("a.test", "/"));
    hit(before, 0, get(200));
    RouteMeters after = table.acquire(Samples.route("a.test", "/"));
    table.release(before);
    hit(after, 0, get(200));
    assertThat(after.totals(GET_200).count()).isEqualTo(2);
    for (int i = 0; i < 5; i++) assertThat(scrape(table)).contains(after);
  }

  @Test
  void aDeletedRouteIsGoneAfterTwoScrapes() {
    RouteMeters meters = table.acquire(Samples.route("a.test", "/"));
    hit(meters, 0, get(200));
    table.release(meters);
    assertThat(scrape(table)).contains(meters);
    assertThat(scrape(table)).contains(meters);
    assertThat(scrape(table)).doesNotContain(meters);
    assertThat(table.series()).isZero();
    hit(meters, 0, get(404)); // of an exchange that outlived its route
    assertThat(table.series()).isZero();
    assertThat(table.acquire(Samples.route("a.test", "/"))).isNotSameAs(meters);
  }

  @Test
  void aRouteThatComesBackInTimeStays() {
    RouteMeters meters = table.acquire(Samples.route("a.test", "/"));
    hit(meters, 0, get(200));
    table.release(meters);
    table.scraped();
    assertThat(table.acquire(Samples.route("a.test", "/"))).isSameAs(meters);
    for (int i = 0; i < 3; i++) assertThat(scrape(table)).contains(meters);
  }

  @Test
  void deletedRoutesDoNotPileUpWhenNobodyScrapes() {
    RouteMeterTable table = new RouteMeterTable(1, MetricsMode.NATIVE);
    for (int i = 0; i < 3000; i++) {
      RouteMeters meters = table.acquire(Samples.route("h" + i + ".test", "/"));
      hit(meters, 0, get(200));
      table.release(meters);
    }
    assertThat(table.series()).isLessThanOrEqualTo(1000 * 18);
    assertThat(scrape(table)).hasSize(1002);
  }

  @Test
  void beyondTheLimitRequestsAreCountedInOneRoute() {
    RouteMeterTable small =
        new RouteMeterTable(1, new MetricsOptions(MetricsMode.BOTH, false, 160));
    for (int i = 0; i < 10_000; i++) {
      RouteMeters meters = small.acquire(Samples.route("h" + i + ".test", "/"));
      hit(meters, 0, get(200));
      hit(meters, 0, get(200));
    }
    assertThat(small.series()).isLessThanOrEqualTo(160);
    assertThat(small.droppedSeries()).isEqualTo(53L * (10_000 - 3));
    assertThat(small.overflow().totals(GET_200).count()).isEqualTo(2 * (10_000 - 3));
    List<RouteMeters> shown =
        scrape(small).stream().filter(each -> each.grantedPairs().length > 0).toList();
    assertThat(shown).hasSize(4);
  }

  @Test
  void aRequestAllocatesNothing() {
    RouteMeters meters = table.acquire(Samples.route("a.test", "/"));
    ExchangeRecord ok = Samples.full();
    ExchangeRecord missing = get(404);
    Runnable hundred =
        () -> {
          for (int i = 0; i < 100; i++) hit(meters, 0, i % 2 == 0 ? ok : missing);
        };
    assertThat(Samples.allocatedBytes(hundred)).isZero();
  }
}
