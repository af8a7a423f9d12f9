document.documentElement.dataset.ready = 'modeler';
