// Many Ingresses, each with a Secret of its own, and how long a change of one takes until every gateway serves it.
//
//	scale create PKI-DIRECTORY COUNT ADDRESS   with the address in their status, as a gateway that was there before has left them
//	scale delete PKI-DIRECTORY                 all of these
//	scale change PKI-DIRECTORY FIRST COUNT GATEWAY…
//	scale flood PKI-DIRECTORY NAMESPACE KIND COUNT   what one tenant can make: paths, annotations, secrets, services, slices
//	scale churn PKI-DIRECTORY NAMESPACE              changes of his slices, until standard input ends
//
// "change" says as JSON what it saw: from the end of the API server's answer to the end of the first right one of the last gateway.
package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net/http"
	"os"
	"slices"
	"strconv"
	"time"
)

const (
	server    = "https://10.99.0.1:6443"
	secrets   = "/api/v1/namespaces/shop/secrets"
	ingresses = "/apis/networking.k8s.io/v1/namespaces/shop/ingresses"
	ofMany    = "labelSelector=many%3Dyes"
	writers   = 32
	changeMax = 120 * time.Second    // until a gateway serves a change
	askEvery  = 2 * time.Millisecond // after the answer before; more often takes the processor from what is timed
)

type object = map[string]any

func main() {
	if len(os.Args) < 3 {
		log.Fatal("usage: scale create|delete|change|flood|churn PKI-DIRECTORY …")
	}
	api, rest := administrator(os.Args[2]), os.Args[3:]
	switch os.Args[1] {
	case "create":
		create(api, number(rest[0]), rest[1])
	case "delete":
		check(write(api, http.MethodDelete, ingresses+"?"+ofMany, object{}))
		check(write(api, http.MethodDelete, secrets+"?"+ofMany, object{}))
	case "change":
		change(api, number(rest[0]), number(rest[1]), rest[2:])
	case "flood":
		flood(api, rest[0], rest[1], number(rest[2]))
	case "churn":
		churn(api, rest[0])
	}
}

func number(text string) int {
	number, err := strconv.Atoi(text)
	check(err)
	return number
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func administrator(pki string) *http.Client {
	pair, err := tls.LoadX509KeyPair(pki+"/admin.crt", pki+"/admin.key")
	check(err)
	authority, err := os.ReadFile(pki + "/ca.crt")
	check(err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{Certificates: []tls.Certificate{pair}, RootCAs: roots}, ForceAttemptHTTP2: true}}
}

func write(api *http.Client, method, path string, body object) error {
	text, err := json.Marshal(body)
	check(err)
	request, err := http.NewRequest(method, server+path, bytes.NewReader(text))
	check(err)
	request.Header.Set("Content-Type", "application/json")
	response, err := api.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %s %s", method, path, response.Status, answer)
	}
	return err
}

var labels = object{"many": "yes"} // as ofMany

func name(number int) string { return fmt.Sprintf("many-%d", number) }
func host(number int) string { return name(number) + ".example.com" }

func ingress(number int, path string) object {
	backend := object{"service": object{"name": "web", "port": object{"name": "http"}}}
	return object{
		"apiVersion": "networking.k8s.io/v1",
		"kind":       "Ingress",
		"metadata": object{
			"name":   name(number),
			"labels": labels,
			// So that the clock stops at an answer of the backend, without a handshake.
			"annotations": object{"nginx.ingress.kubernetes.io/ssl-redirect": "false"}},
		"spec": object{
			"ingressClassName": "penstock",
			"tls":              []object{{"hosts": []string{host(number)}, "secretName": name(number)}},
			"rules": []object{{"host": host(number), "http": object{
				"paths": []object{{"path": path, "pathType": "Exact", "backend": backend}}}}}}}
}

// secret has a key and a certificate that no other has.
func secret(number int) object {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	template := x509.Certificate{SerialNumber: big.NewInt(int64(number) + 1), Subject: pkix.Name{CommonName: host(number)},
		DNSNames: []string{host(number)}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(0, 3, 0)}
	certificate, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	check(err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	check(err)
	return object{
		"apiVersion": "v1",
		"kind":       "Secret",
		"metadata":   object{"name": name(number), "labels": labels},
		"type":       "kubernetes.io/tls",
		"data": object{
			"tls.crt": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}),
			"tls.key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})}}
}

func create(api *http.Client, count int, address string) {
	parallel(count, func(number int) {
		check(write(api, http.MethodPost, secrets, secret(number)))
		created := ingress(number, "/created")
		check(write(api, http.MethodPost, ingresses, created))
		created["status"] = object{"loadBalancer": object{"ingress": []object{{"ip": address}}}}
		check(write(api, http.MethodPut, ingresses+"/"+name(number)+"/status", created))
	})
}

func change(api *http.Client, first, count int, gateways []string) {
	var took []time.Duration
	for number := first; number < first+count; number++ {
		check(write(api, http.MethodPut, ingresses+"/"+name(number), ingress(number, "/changed")))
		written := time.Now()
		errs := make(chan error)
		for _, gateway := range gateways {
			go func() { errs <- served(gateway, number, written) }()
		}
		for range gateways {
			check(<-errs)
		}
		took = append(took, time.Since(written))
	}
	slices.Sort(took)
	milliseconds := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	check(json.NewEncoder(os.Stdout).Encode(object{"changes": count, "p50Ms": milliseconds(took[count/2]),
		"p99Ms": milliseconds(took[count*99/100]), "maxMs": milliseconds(took[count-1])}))
}

// served asks one gateway until it serves the change.
func served(gateway string, number int, written time.Time) error {
	request, err := http.NewRequest(http.MethodGet, "http://"+gateway+"/changed", nil)
	check(err)
	request.Host = host(number)
	for time.Since(written) < changeMax {
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		answer, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			return err
		}
		if response.StatusCode == http.StatusOK && bytes.Contains(answer, []byte(`"host": "`+host(number)+`"`)) {
			return nil
		}
		time.Sleep(askEvery)
	}
	return errors.New(gateway + " does not serve the change of " + name(number) + " after " + changeMax.String())
}
