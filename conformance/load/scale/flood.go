package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
)

// What one tenant makes in his namespace, as much as the API server takes of one object.
const (
	pathsOfIngress    = 9_999
	annotationsOfOne  = 3_000
	chainBytes        = 60 << 10
	keyBytes          = 14 << 10
	addressesOfSlice  = 1_000
	churned           = 3
	ofIngresses       = "/apis/networking.k8s.io/v1/namespaces/%s/ingresses"
	ofSlices          = "/apis/discovery.k8s.io/v1/namespaces/%s/endpointslices"
	ofServices        = "/api/v1/namespaces/%s/services"
	ofSecrets         = "/api/v1/namespaces/%s/secrets"
	annotationsPrefix = "nginx.ingress.kubernetes.io/"
)

// flood makes so many objects of a kind.
func flood(api *http.Client, namespace, kind string, count int) {
	post := func(collection string, body object) {
		check(write(api, http.MethodPost, fmt.Sprintf(collection, namespace), body))
	}
	if kind == "slices" {
		post(ofServices, service("huge"))
		post(ofIngresses, routes("huge", "huge", []string{"/"}, nil))
	}
	parallel(count, func(number int) {
		name := fmt.Sprintf("%s-%d", kind, number)
		switch kind {
		case "paths":
			paths := make([]string, pathsOfIngress)
			for i := range paths {
				paths[i] = fmt.Sprintf("/p%d", i)
			}
			post(ofIngresses, routes(name, "missing", paths, nil))
		case "annotations":
			annotations := object{}
			for i := range annotationsOfOne {
				annotations[fmt.Sprintf("%sunknown-%d", annotationsPrefix, i)] = strings.Repeat("x", 32)
			}
			post(ofIngresses, routes(name, "missing", []string{"/"}, annotations))
		case "secrets":
			post(ofSecrets, object{"metadata": object{"name": name}, "type": "kubernetes.io/tls", "data": object{
				"tls.crt": bytes.Repeat([]byte("c"), chainBytes), "tls.key": bytes.Repeat([]byte("k"), keyBytes)}})
			named := routes(name, "missing", []string{"/"}, nil)
			named["spec"].(object)["tls"] = []object{{"hosts": []string{host0(name)}, "secretName": name}}
			post(ofIngresses, named)
		case "services":
			post(ofServices, service(name))
		case "slices":
			post(ofSlices, slice(number, 0))
		}
	})
}

// churn changes three of the slices, one after the other, until its standard input ends.
func churn(api *http.Client, namespace string) {
	ended := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, os.Stdin)
		ended <- err
	}()
	changes := 0
	for ; len(ended) == 0; changes++ {
		number := changes % churned
		path := fmt.Sprintf(ofSlices, namespace) + fmt.Sprintf("/slices-%d", number)
		check(write(api, http.MethodPut, path, slice(number, 1+changes%100)))
	}
	check(json.NewEncoder(os.Stdout).Encode(object{"changes": changes}))
}

func parallel(count int, do func(int)) {
	numbers := make(chan int)
	var running sync.WaitGroup
	for range writers {
		running.Go(func() {
			for number := range numbers {
				do(number)
			}
		})
	}
	for number := range count {
		numbers <- number
	}
	close(numbers)
	running.Wait()
}

func host0(name string) string { return name + ".flood.example.com" }

func routes(name, backend string, paths []string, annotations object) object {
	all := make([]object, len(paths))
	for i, path := range paths {
		all[i] = object{"path": path, "pathType": "Prefix",
			"backend": object{"service": object{"name": backend, "port": object{"number": 80}}}}
	}
	return object{"metadata": object{"name": name, "annotations": annotations}, "spec": object{
		"ingressClassName": "penstock",
		"rules":            []object{{"host": host0(name), "http": object{"paths": all}}}}}
}

func service(name string) object {
	return object{"metadata": object{"name": name}, "spec": object{
		"clusterIP": "None", "ports": []object{{"name": "http", "port": 80}}}}
}

// slice has addresses that nobody has (RFC 2544).
func slice(number, first int) object {
	endpoints := make([]object, addressesOfSlice)
	for i := range endpoints {
		last := i%250 + 1
		if i == 0 {
			last = 100 + first
		}
		endpoints[i] = object{"addresses": []string{fmt.Sprintf("198.%d.%d.%d", 18+number/128, number%128*2+i/500, last)}}
		if i >= 250 {
			endpoints[i] = object{"addresses": []string{fmt.Sprintf("%d.%d.%d.%d", 11+i/250, number/250, number%250, last)}}
		}
	}
	return object{
		"metadata":    object{"name": fmt.Sprintf("slices-%d", number), "labels": object{"kubernetes.io/service-name": "huge"}},
		"addressType": "IPv4", "ports": []object{{"name": "http", "port": 8080}}, "endpoints": endpoints}
}
