// SPDX-License-Identifier: Apache-2.0
#include "opener.h"

#include <pthread.h>
#include <stdlib.h>

#define THREADS_MAX 64

static void *open_one(void *path)
{
	struct request asked = { "from a thread", "openat", path, NULL, AT_FDCWD, O_RDONLY };

	make(&asked);
	return NULL;
}

int threads_main(int argc, char **argv)
{
	pthread_t threads[THREADS_MAX];

	if (argc != 3 || atoi(argv[1]) < 1 || atoi(argv[1]) > THREADS_MAX)
		return 2;
	int n = atoi(argv[1]);

	for (int i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, open_one, argv[2]))
			die("pthread_create failed");
	for (int i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	made_print();
	return 0;
}
